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
    "IdempotencyKey": {
        "caller": "Id of the API key that sent it; unique together with key.",
        "key": "As the caller chose it.",
        "digest": "SHA-256 of the request that it stands for: operation, path, query string and body.",
        "owner": "Fencing token of the request that holds it.",
        "lease_until": "Until when that request may be trusted to run, UTC.",
        "effect_id": "What the request names what it makes; the same each time it runs.",
        "status": "Of the answer that was kept; missing while there is none.",
        "headers": "Of that answer, as JSON.",
        "body": "Of that answer.",
        "kept_until": "Until when the key stands for that request, UTC.",
    },
    "Migration": {
        "version": "Number of the V-file; unique.",
        "name": "File name.",
        "checksum": "SHA-256 of the file.",
        "applied_at": "UTC.",
    },
}
