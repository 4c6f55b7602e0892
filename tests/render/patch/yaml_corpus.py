# ruff: noqa: E501 - whole files in one line
"""YAML files as people write them, and as few do: each by a name that says what is special."""

FILES: dict[str, str] = {
    "plain": "lr: 0.1\nepochs: 10\nname: adam\n",
    "nested": "train:\n  optimizer:\n    lr: 0.001\n    betas:\n      - 0.9\n      - 0.999\n  epochs: 3\n",
    "comments everywhere": (
        "# head\n\n# of lr\nlr: 0.1   # small\n#lr: 0.2\nmodel:   # of it\n  # first\n  dim: 3 #no space\n"
        "  # last\n\n  depth: 4  # d # e\n# end\n\n"
    ),
    "flow": "a: {b: 1, c: [1, 2, {d: x}]}\ne: [ ]\nf: { }\n",
    "flow over lines": "a: {\n  b: 1,   # one\n  c: [\n    1,\n    2,  # two\n  ],\n}\nd: 4\n",
    "all of it flow": '{"lr": 0.1, "n": 3, "on": true, "s": "x", "z": null}',
    "json with comments": '{\n  "lr": 1.0e-3, # rate\n  "layers": [\n    {"size": 64},\n    {"size": 128}\n  ]\n}\n',
    "flow pairs": "[a: 1, {b}, {c: , d: 2}, ? e : 3]\n",
    "list of dictionaries": "model:\n- name: encoder\n  dim: 3\n-   name: decoder\n    dim: 4\n-\n  name: head\n  dim: 5\n",
    "lists of lists": "- - 1\n  - 2\n- - - a\n    - b\n  - [c, d]\n-\n  - x\n",
    "list without indent": "a:\n- 1\n- 2\nb:\n  - 3\nc:\n-   4\n",
    "anchor of a scalar": "lr: &lr 0.1\nwarm: *lr\nother: 3\n",
    "anchor of a dictionary": "base: &base\n  lr: 0.1\n  opt: {b: 1}\neval: *base\nlast: 1\n",
    "anchor of a list": "sizes: &s [1, 2]\nagain: *s\nmore:\n- *s\n- 5\n",
    "merge": "base: &base\n  lr: 0.1\n  n: 3\ntrain:\n  <<: *base\n  n: 4 # own\ntest:\n  n: 5\n  <<: *base\n",
    "merge of several": "x: &x {q: 1}\ny: &y {q: 2, r: 3}\na:\n  <<: [*x, *y]\n  s: 4\nb: {<<: *y, t: 5}\n",
    "merge over merge": "a: &a {k: 1}\nb: &b\n  <<: *a\n  l: 2\nc:\n  <<: *b\n  m: 3\n",
    "anchors without alias": "a: &a\n  b: &b 1\n  c: &c [1, 2]\nd: &d\n- 1\n",
    "documents": "a: 1\nb: 2\n---\na: 3\nc: 4\n",
    "documents with marks": "%YAML 1.2\n---\na: 1 # one\n...\n---\n- 1\n- 2\n...\n# end\n",
    "one document with a mark": "--- # head\na: 1\nb:\n  c: 2\n...\n",
    "literal text": "script: |\n  lr: 5\n    more\n\n  # none\nlr: 1\nlast: |\n  x\n",
    "folded text": "about: >\n  one\n  two\n\n  three\nlr: 1\nin: {a: 1}\n",
    "text with all its line ends": "a: |+\n  x\n\n\nb: 1\nc: |-\n  y\n\n",
    "text with an indent told": "a: |2\n    x\n   y\nb: >-1\n  z\nlr: 3\n",
    "text with a comment": "a: |  # head\n  x\n# of b\nb: >- # fold\n  y\n  z\nc: 1\n",
    "text without a last line end": "lr: 1\na: |\n  x",
    "quotes": "a: 'it''s'\nb: \"say \\\"hi\\\"\\n\"\nc: ''\nd: \"\"\ne: '5'\nf: \"1e-5\"\ng: ' # no comment '\n",
    "text over lines": "a: one\n  two\n  three # c\nb: 'x\n\n  y'\nc: \"p \\\n   q\"\nd: 1\n",
    "value on the next line": "a:\n  1\nb:\n    'x'\nc:   # below\n  {d: 1}\n",
    "empty values": "a:\nb:   # nothing\nc: ~\nd: null\ne:\n  f:\n  g: 1\nh:\n-\n- 1\n-   # none\n",
    "empty in brackets": "a: {b: , c: ~}\nd: [~, null]\n",
    "tags": "a: !!float 1e-3\nb: !!str 5\nc: !custom {d: 1}\ne: !inc file.yaml\nf: !!int '7'\ng: !!null\n",
    "tags and anchors": "a: !!map &a\n  b: 1\nc: &c !x\n  - 1\n  - 2\nd: &d !!str 3\n",
    "complex keys": "? lr\n: 0.1\n? [a, b]\n: 1\n? |\n  text\n: 2\n? alone\nlast: 3\n",
    "odd keys": "a.b: 1\n'c d': 2\n\"e\\tf\": 3\n1: 4\ntrue: 5\nyes: 6\n~: 7\n2020-01-01: 8\n'': 9\nx;y: 1\n",
    "key twice": "lr: 0.1\nn: 3\nlr: 0.2\n",
    "words of version 1.1": "a: yes\nb: on\nc: No\nd: 0o17\ne: 017\nf: 12:30:00\ng: 1_000\nh: 1e-5\ni: 0b11\nlr: 1\n",
    "dates": "a: 2020-01-01\nb: 2001-12-14t21:59:43.10-05:00\nc: '2020-01-01'\nlr: 1\n",
    "huge numbers": "a: 123456789012345678901234567890\nb: 1.7976931348623157e+308\nc: 1e400\nd: .inf\n"
    "e: -.INF\nf: .nan\ng: 5.0e-324\nh: " + "9" * 4400 + "\nlr: 1\n",
    "hex and octal": "a: 0xFF\nb: 0x1f\nc: 010\nd: +12\ne: -0\nf: .5\ng: 1.\nh: +.5e+1\n",
    "unicode": "名前: 変換器\nключ: 'значение'\nemoji: 😀 x\nacute: e\u0301\nlr: 0.1  # größe\n",
    "line ends of Windows": "a: 1\r\nb:\r\n  c: 2 # z\r\n  d: |\r\n    x\r\n    y\r\ne: [1,\r\n  2]\r\n",
    "byte order mark": "\ufefflr: 0.1\nb: 2\n",
    "no last line end": "a: 1\nb:\n  c: 2",
    "tabs between words": "a:\t1\t# one\nb: [1,\t2]\nc:  \t'x'\nd: 3\n",
    "tabs in brackets": "a: [\n\t'x',\n\t{\tb: 1 },\t# c\n]\nd: {\n\te: 2\n\t}\n",
    "tabs in empty lines": "a:\n  b: 1\n\t\n \t# c\n  d: 2\n\t",
    "tabs in texts": 'a: "x\\ty\tz"\nb: |\n  p\tq\nc: word\tword\nd: 1\n',
    "blanks at line ends": "a: 1   \nb:   \n  c: 2  \n\n  \nd: 'x'  \n",
    "wide indents": "a:\n      b:\n            c: 1\n            d:\n             - 1\n             - 2\n",
    "looks like a template": "a: ${HOME}/x\nb: '{{ x }}'\nc: <<y>>\nd: a:b\ne: http://x/y#z\nf: 50%\ng: -x\n",
    "deep": "".join(f"{'  ' * at}k{at}:\n" for at in range(20)) + "  " * 20 + "v: 1\n",
    "holds itself": "a: &a\n  b: *a\n  c: 1\nd: 2\n",
    "list of words": "- a\n- 'b'\n- \"c\"\n- d e f\n# end\n",
    "compose file": (
        'version: "3.9"\nx-env: &env\n  OMP: "4"\nservices:\n  train:\n    image: "me/train:1.0"\n'
        '    environment:\n      <<: *env\n      LR: "0.1"\n    ports: ["8080:80"]\n'
    ),
    "hydra": (
        "defaults:\n  - _self_\n  - override hydra/launcher: basic\n\nmodel:\n  _target_: net.Net\n  lr: 1e-3\n"
        "  dim: ${data.dim}\n"
    ),
}
