"""The kinds of readers whose files are read whole."""

from automl.readers.arrays.reader import NpzReader
from automl.readers.databases.reader import SqliteReader
from automl.readers.mlflow.reader import MlflowReader

READ_WHOLE = {one.type: one for one in (SqliteReader, NpzReader, MlflowReader)}
"""By their names."""
