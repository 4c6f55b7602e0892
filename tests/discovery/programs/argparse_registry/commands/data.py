def register(subparsers):
    p = subparsers.add_parser("data")
    p.add_argument("--shards", type=int, default=4)
