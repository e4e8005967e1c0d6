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
