"""Object identifiers and namespaces that the client and any central store must share.

Facts of the field (CI-SIS, HL7, IHE, ANS NOS), gathered in one place; the sandbox may import this module.
"""

from __future__ import annotations

from typing import Final

# -- identity of patients (CI-SIS) ------------------------------------------------------------------------------------
INS_C: Final = "1.2.250.1.213.1.4.2"
INS_NIR: Final = "1.2.250.1.213.1.4.8"
INS_NIA: Final = "1.2.250.1.213.1.4.9"
INS_NIR_TEST: Final = "1.2.250.1.213.1.4.10"
INS_NIR_DEMO: Final = "1.2.250.1.213.1.4.11"

# -- professionals and structures (ANS, NOS) --------------------------------------------------------------------------
PS_ID: Final = "1.2.250.1.71.4.2.1"
STRUCTURE_ID: Final = "1.2.250.1.71.4.2.2"
SECTOR: Final = "1.2.250.1.71.4.2.4"
SPECIALITY: Final = "1.2.250.1.71.4.2.5"
PROFESSION: Final = "1.2.250.1.71.1.2.7"

# -- extensions of the card certificates (IGC-Santé) ------------------------------------------------------------------
CERT_CARD_TYPE: Final = "1.2.250.1.71.1.2.2"
CERT_CARD_NUMBER: Final = "1.2.250.1.71.1.2.3"
CERT_PRODUCT: Final = "1.2.250.1.71.1.2.5"
CERT_PROFESSION: Final = "1.2.250.1.71.1.2.7"
CERT_SPECIALITY: Final = "1.2.250.1.71.4.2.5"

# -- the DMP ----------------------------------------------------------------------------------------------------------
DMP_RECEIVER: Final = "1.2.250.1.213.4.1.1.1"
HL7_INTERACTION: Final = "2.16.840.1.113883.1.6"
REASON: Final = "1.2.250.1.213.1.1.4.11"
DMP_OBSERVATION: Final = "1.2.250.1.213.4.1.2.3"
DMP_CLOSE_REASON: Final = "1.2.250.1.213.4.1.2.4"
DMP_CARD_CONTACT: Final = "1.2.250.1.213.4.1.2.5"
DMP_AUTHORISATION: Final = "1.2.250.1.213.4.1.2.6.1"
DMP_AUTHORISATION_VALUE: Final = "1.2.250.1.213.4.1.2.6.2"
DMP_TREATING: Final = "1.2.250.1.213.4.1.2.6.3"
DMP_WEB_ACCOUNT: Final = "1.2.250.1.213.4.1.2.9"
ACCESS_MODE: Final = "1.2.250.1.213.1.1.4.248"
CONFIDENTIALITY_DMP: Final = "1.2.250.1.213.1.1.4.13"
CONFIDENTIALITY_HL7: Final = "2.16.840.1.113883.5.25"
ROLE_CODE: Final = "2.16.840.1.113883.1.11.19579"

# -- namespaces -------------------------------------------------------------------------------------------------------
NS_SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
NS_WSA: Final = "http://www.w3.org/2005/08/addressing"
NS_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
NS_SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
NS_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
NS_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NS_XS: Final = "http://www.w3.org/2001/XMLSchema"
NS_HL7: Final = "urn:hl7-org:v3"
NS_GDP: Final = "asip:ci-sis:gdp:2010"
NS_HABILITATIONS: Final = "urn:si-dmp-habilitations"
NS_PATIENTS: Final = "urn:si-dmp-patients"
NS_INSI_VITALE: Final = "http://www.cnamts.fr/INSiRecVit"
NS_INSI_TRAITS: Final = "http://www.cnamts.fr/INSiRecSans"
NS_INSI_RESULT: Final = "http://www.cnamts.fr/INSiResultat"
NS_BAM: Final = "urn:siram:bam:ctxbam"
NS_LPS: Final = "urn:siram:lps:ctxlps"

# -- documents (IHE XDS.b, ebXML registry, CDA) -----------------------------------------------------------------------
NS_RIM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
NS_RS: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
NS_LCM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
NS_QUERY: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
NS_XDSB: Final = "urn:ihe:iti:xds-b:2007"
NS_XOP: Final = "http://www.w3.org/2004/08/xop/include"
NS_XADES: Final = "http://uri.etsi.org/01903/v1.1.1#"

XDS_ENTRY: Final = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
XDS_ENTRY_AUTHOR: Final = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
XDS_ENTRY_CLASS: Final = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
XDS_ENTRY_TYPE: Final = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
XDS_ENTRY_CONFIDENTIALITY: Final = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
XDS_ENTRY_FORMAT: Final = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
XDS_ENTRY_FACILITY: Final = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
XDS_ENTRY_PRACTICE: Final = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
XDS_ENTRY_EVENT: Final = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
XDS_ENTRY_PATIENT_ID: Final = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
XDS_ENTRY_UNIQUE_ID: Final = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
XDS_SET: Final = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
XDS_SET_AUTHOR: Final = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
XDS_SET_CONTENT_TYPE: Final = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
XDS_SET_PATIENT_ID: Final = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
XDS_SET_SOURCE_ID: Final = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
XDS_SET_UNIQUE_ID: Final = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

QUERY_FIND_DOCUMENTS: Final = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
QUERY_FIND_SUBMISSION_SETS: Final = "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9"
QUERY_GET_DOCUMENTS: Final = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
QUERY_GET_ASSOCIATIONS: Final = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS: Final = "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a"
QUERY_FIND_BY_REFERENCE: Final = "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492"

DMP_REPOSITORY: Final = "1.2.250.1.213.4.1.1.1.2"
LOINC: Final = "2.16.840.1.113883.6.1"
DOCUMENT_CLASS: Final = "1.2.250.1.213.1.1.4.1"
AUTHOR_SPECIALITY: Final = "1.2.250.1.213.1.1.4.5"
AUTHOR_OTHER: Final = "1.2.250.1.213.1.1.4.6"
GENDER: Final = "2.16.840.1.113883.5.1"

# -- access and administration ----------------------------------------------------------------------------------------
# TRE_G05-SousSectionTableauCNOP: the second role of a pharmacist.
PHARMACIST_SECTION: Final = "1.2.250.1.71.4.2.6"
