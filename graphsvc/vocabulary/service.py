"""What the service keeps for itself."""

from __future__ import annotations

LABELS: dict[str, dict[str, str]] = {
    "ApiKey": {
        "id": "Public part of the key; unique.",
        "digest": "SHA-256 of the secret part.",
        "role": "cabinet, compliance, integration or owner.",
        "partner_id": "Whose cabinet; only with that role.",
        "person": "Whose key it is, where two people are asked for; '' for a machine's.",
        "created_at": "UTC.",
        "revoked_at": "UTC; missing while valid.",
    },
    "Migration": {
        "version": "Number of the V-file; unique.",
        "name": "File name.",
        "checksum": "SHA-256 of the file.",
        "applied_at": "UTC.",
    },
}
