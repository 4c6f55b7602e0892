import fire


class Tool:
    def __init__(self, verbose=False):
        self.verbose = verbose

    def fit(self, lr=0.1, rounds=10):
        pass

    def score(self, top=5):
        pass

    def _hidden(self, x=1):
        pass


fire.Fire(Tool)
