"""The three documented bodies, for every test of the contract."""

from __future__ import annotations

from typing import Any

import pytest

Body = dict[str, Any]


@pytest.fixture
def ios() -> Body:
    """The documented body for APNs, to be changed at will."""
    return {
        "aps": {"alert": "My Test: 123", "sound": "default"},
        "push-service": 1,
        "device-token": "01408800000259",
        "backendService": "ams",
        "conversationId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
        "dialogId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
        "originatorId": "90588718.2333061110",
        "brandId": "90588711",
        "badge": 1,
        "sequence": 8,
        "notificationType": "apn",
    }


@pytest.fixture
def fcm() -> Body:
    """The documented body for FCM, to be changed at will."""
    return {
        "data": {
            "message": "My Test: 456",
            "payload": {
                "backendService": "ams",
                "conversationId": "ff816d0d-3572-4430-956f-cab638d18826",
                "dialogId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
                "originatorId": "90588718.2333061110",
                "brandId": "90588711",
                "badge": 4,
                "sequence": 6,
            },
        },
        "push-service": 2,
        "device-token": "01408800000259",
        "notificationType": "gcm",
    }


@pytest.fixture
def huawei(fcm: Body) -> Body:
    """The documented body for Huawei, to be changed at will."""
    return {**fcm, "push-service": 3, "notificationType": "huawei"}
