"""Matrix, by matrix-nio, in rooms without end-to-end encryption: photos in, captions out."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr


class MatrixSettings(BaseModel):
    """The settings; each is explained in .env.example."""

    matrix_access_token: SecretStr | None = Field(None, alias="MATRIX_ACCESS_TOKEN")
    matrix_homeserver_url: str = Field(
        "https://matrix.org",
        pattern=r"^https?://[^\s/?#]+/?$",
        description="it must be like https://matrix.example.org, without a path",
        alias="MATRIX_HOMESERVER_URL",
    )
