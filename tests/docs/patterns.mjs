// The parts of an output that differ from run to run. Each is replaced by a word before two outputs are compared.
const PATTERNS = [
  [/\b06[0-9a-hjkmnp-tv-z]{24}\b/g, '<id>'],                                      // nurses/06h1eh7pk0r8m7szbnvfppm74c
  [/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],      // 2026-11-26T09:52:05.272171Z
  [/\b[0-9a-f]{64}\b/g, '<digest>'],                                              // digests of snapshots and results
  [/"(resume_token|next_page_token)": ?"[^"]*"/g, '"$1": "<token>"'],
  [/"(place|registry_place)": "\d+"/g, '"$1": "<place>"'],                         // places in the journal
  [/\(place \d+ of|（変更履歴の位置\d+）/g, '(place <place> of'],                          // the last line of a report
  [/\b\d+ rows sealed, \d+ waiting/g, '<n> rows sealed, <n> waiting'],             // verify-journal
  [/封印済み \d+行、封印待ち \d+行/g, '封印済み<n>行、封印待ち<n>行'],
  [/照合した署名済みの控え (\d+件: 改ざんは見つかりませんでした|0件: .*の連鎖に乱れはありません).*$/, '<checkpoints compared>'],
  // Whether a line was due yet when it was asked.
  [/\b(\d+ checkpoints compared: as they were written|no checkpoints compared: only the chain itself was checked).*$/,
    '<checkpoints compared>'],
  [/(?<![\w/.])[A-Za-z0-9+/]{43}=/g, '<public key>'],                             // signed by p8TpwXnF…=
  [/\b\d+\.\d\d( s|秒)/g, '<seconds>$1'],                                         // match 0.04 s, マッチング 0.04秒
  [/\b127\.0\.0\.1:\d+/g, '<address>'],
  [/^([\w/-]+): (place \d+|\d+番まで)$/, '$1: place <place>'],                     // backup create
  [/\b\d+( bytes|バイト)/g, '<n>$1'],
  [/\b\d+ sealed rows followed, \d+ checkpoints|封印した行\d+件、控え\d+件/, '<n> rows, <n> checkpoints'],
  [/\b\d+ rows compared|照合 \d+行/, '<n> rows compared'],
  [/\b[0-9a-f]{16}\b/g, '<key id>'],
  [/: \d+ \/ \d+$/, ': <n> / <n>'],                                               // keys rotate
];

export function normalised(line) {
  return PATTERNS.reduce((text, [pattern, word]) => text.replace(pattern, word), line.trimEnd());
}
