#include "services/matching/rules/priority.h"

#include <bit>
#include <string>

#include "common/base/digest.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {

std::strong_ordering operator<=>(const PriorityKey& a, const PriorityKey& b) {
  if (const auto order = b.extra_skills <=> a.extra_skills; order != 0) return order;
  if (const auto order = a.metres <=> b.metres; order != 0) return order;
  if (const auto order = a.lot <=> b.lot; order != 0) return order;
  return a.name.compare(b.name) <=> 0;
}

uint64_t DrawLot(uint64_t seed, absl::string_view nurse_name) {
  std::string text = "tsunagu.lottery.v1";
  for (int shift = 56; shift >= 0; shift -= 8) text.push_back(static_cast<char>(seed >> shift));
  text.append(nurse_name.data(), nurse_name.size());
  const std::string digest = Sha256(text);
  uint64_t lot = 0;
  for (int i = 0; i < 8; ++i) lot = lot << 8 | static_cast<unsigned char>(digest[i]);
  return lot;
}

PriorityKey PriorityOf(const Nurse& nurse, const Opening& opening, uint64_t lot) {
  PriorityKey key;
  key.extra_skills = std::popcount(nurse.skills & ~opening.required_skills);
  key.metres = WayMetres(nurse, opening);
  key.lot = lot;
  key.name = nurse.name;
  return key;
}

}  // namespace tsunagu::matching::rules
