from .model import register as model
from .data import register as data

COMMANDS = [model, data]
