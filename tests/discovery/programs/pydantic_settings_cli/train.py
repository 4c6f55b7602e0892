from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings, cli_parse_args=True):
    lr: float = Field(1e-3, gt=0, le=1, description="learning rate")
    layers: int = Field(default=2, ge=1)
    amp: bool = False


settings = Settings()
