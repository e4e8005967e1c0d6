"""The reimbursement history."""
