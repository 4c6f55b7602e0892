from absl import app
from absl import flags

FLAGS = flags.FLAGS

flags.DEFINE_float("lr", 0.1, "Learning rate.", lower_bound=0.0)
flags.DEFINE_integer("depth", 3, "Layers.", lower_bound=1, upper_bound=12)
_WIDTH = flags.DEFINE_integer("width", None, "Units.", short_name="w")
flags.DEFINE_enum("optim", "sgd", ["sgd", "adam"], "Which.")
flags.DEFINE_bool("amp", False, "Half precision.")
flags.DEFINE_boolean("augment", True, "Augment.")
flags.DEFINE_string("data", None, "Folder of the data.")
flags.DEFINE_list("layers", ["a", "b"], "Comma separated.")
flags.DEFINE_multi_integer("sizes", [1, 2], "Sizes.")
flags.mark_flag_as_required("data")


def main(argv):
    del argv


if __name__ == "__main__":
    app.run(main)
