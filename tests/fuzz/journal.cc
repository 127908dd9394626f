// A journal that somebody with access to the database has altered. The verifier finds nothing in an unaltered chain; if
// it finds nothing, what it read is the unaltered chain or its beginning. Lines of checkpoints are read or refused, and
// an unsigned checkpoint is never valid.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/journal/chain.h"
#include "common/journal/checkpoint.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using store::ChainLink;

constexpr char kService[] = "registry";

std::vector<ChainLink> HonestChain(Input& input) {
  std::vector<ChainLink> chain;
  std::string hash = store::ChainStart(kService);
  const int count = input.Byte() % 8 + 1;
  int64_t revisions[2] = {0, 0};
  for (int i = 1; i <= count; ++i) {
    ChainLink link;
    const uint8_t which = input.Byte();
    link.place = i;
    link.known_time = 1'000 + i * (which % 2);
    if (!chain.empty()) link.known_time = std::max(link.known_time, chain.back().known_time);
    link.has_row = true;
    link.id = absl::StrCat("id", i);
    link.name = absl::StrCat("areas/", which % 2);
    link.revision = ++revisions[which % 2];
    link.content = absl::StrCat(link.id, link.name, link.revision, which);
    hash = store::SealHash(hash, link.place, link.known_time, link.content);
    link.hash = hash;
    chain.push_back(link);
  }
  return chain;
}

int64_t Number(Input& input) {
  int64_t number = 0;
  for (int i = 0; i < 8; ++i) number = static_cast<int64_t>((static_cast<uint64_t>(number) << 8) | input.Byte());
  return number;
}

void FlipIn(std::string& text, Input& input) {
  const uint8_t at = input.Byte(), change = input.Byte();
  if (!text.empty()) text[at % text.size()] = static_cast<char>(text[at % text.size()] ^ change);
}

// One manual alteration of the rows.
void Alter(std::vector<ChainLink>& chain, Input& input) {
  const uint8_t what = input.Byte();
  ChainLink& link = chain[input.Byte() % chain.size()];
  ChainLink& other = chain[input.Byte() % chain.size()];
  switch (what % 9) {
    case 0:
      return FlipIn(link.content, input);
    case 1:
      return FlipIn(link.hash, input);
    case 2:
      if (chain.size() > 1) chain.erase(chain.begin() + (&link - chain.data()));
      return;
    case 3:  // two rows change places
      std::swap(link.content, other.content);
      std::swap(link.id, other.id);
      std::swap(link.name, other.name);
      std::swap(link.revision, other.revision);
      return;
    case 4:
      link.place = Number(input);
      return;
    case 5:
      link.known_time = Number(input);
      return;
    case 6:
      link.has_row = false;
      link.content.clear();
      return;
    case 7:
      link.hash = std::string(input.Rest().substr(0, 40));
      return;
    default:  // sealed again, without the preceding row
      link.content += "x";
      link.hash = store::SealHash(store::ChainStart("another"), link.place, link.known_time, link.content);
      return;
  }
}

// In the order of the database.
void Order(std::vector<ChainLink>& chain) {
  std::stable_sort(chain.begin(), chain.end(),
                   [](const ChainLink& a, const ChainLink& b) { return a.place < b.place; });
  const auto same = [](const ChainLink& a, const ChainLink& b) { return a.place == b.place; };  // a primary key
  chain.erase(std::unique(chain.begin(), chain.end(), same), chain.end());
}

bool Same(const ChainLink& a, const ChainLink& b) {
  return a.place == b.place && a.known_time == b.known_time && a.hash == b.hash && a.has_row == b.has_row &&
         a.content == b.content;
}

bool FindsNothing(const std::vector<ChainLink>& chain) {
  store::ChainVerifier verifier(kService);
  for (const ChainLink& link : chain) verifier.Add(link);
  return verifier.Finish().empty();
}

void CheckChain(Input input) {
  const std::vector<ChainLink> honest = HonestChain(input);
  Require(FindsNothing(honest), "nothing is found in an honest chain");
  std::vector<ChainLink> altered = honest;
  for (int i = input.Byte() % 4; i >= 0; --i) Alter(altered, input);
  Order(altered);
  const bool beginning =
      altered.size() <= honest.size() && std::equal(altered.begin(), altered.end(), honest.begin(), Same);
  if (!beginning) Require(!FindsNothing(altered), "what was altered is found");
}

void CheckCheckpoint(absl::string_view line) {
  const auto checkpoint = store::Checkpoint::Parse(line);
  if (!checkpoint.ok()) return;
  Require(!checkpoint->Verify(), "what nobody signed does not hold", line);
  const auto again = store::Checkpoint::Parse(checkpoint->ToLine());
  Require(again.ok() && again->ToLine() == checkpoint->ToLine(), "what was read is written and read back", line);
}

// One of our lines with one byte altered.
void CheckSigned(Input input) {
  store::Checkpoint ours;
  ours.service = kService;
  ours.place = input.Byte();
  ours.known_time = Number(input);
  ours.hash = std::string(32, 'h');
  ours.Sign(std::string(32, 's'));
  Require(ours.Verify(), "what we signed holds");
  std::string line = ours.ToLine();
  const auto read = store::Checkpoint::Parse(line);
  Require(read.ok() && read->Verify(), "and is read back", line);
  const std::string before = line;
  FlipIn(line, input);
  const auto altered = store::Checkpoint::Parse(line);
  const bool another = altered.ok() && altered->ToLine() != before;
  Require(!another || !altered->Verify(), "an altered one does not hold", line);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Input input(data, size);
  switch (input.Byte() % 3) {
    case 0:
      tsunagu::fuzz::CheckCheckpoint(input.Rest());
      return 0;
    case 1:
      tsunagu::fuzz::CheckSigned(input);
      return 0;
    default:
      tsunagu::fuzz::CheckChain(input);
      return 0;
  }
}
