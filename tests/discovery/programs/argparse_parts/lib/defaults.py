from .numbers import BASE

LR = BASE * 10
MOMENTUM = 0.9
PREFIX = "sgd-"
NAME = "first"
LEGACY = False
SWITCHES = ["mixup", "cutmix"]
SCHEDULES = {"cosine": None, "step": None}
