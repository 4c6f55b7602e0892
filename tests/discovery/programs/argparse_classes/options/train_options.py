from .base_options import BaseOptions


class TrainOptions(BaseOptions):
    def initialize(self, parser):
        parser = BaseOptions.initialize(self, parser)
        parser.add_argument('--lr', type=float, default=0.0002, help='initial learning rate for adam')
        parser.add_argument('--beta1', type=float, default=0.5)
        parser.add_argument('--gan_mode', choices=('vanilla', 'lsgan'), default='lsgan')
        self.isTrain = True
        return parser
