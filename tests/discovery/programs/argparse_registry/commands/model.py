def register(subparsers):
    model = subparsers.add_parser("model")
    inner = model.add_subparsers(dest="action")
    train = inner.add_parser("train")
    train.add_argument("--lr", type=float, default=0.1)
    export = inner.add_parser("export")
    export.add_argument("--format", choices=["onnx", "pt"], default="pt")
