#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_

#include <string>

#include "services/matching/rounds/round_reads.h"

namespace tsunagu::matching {

// The openings of a round as GeoJSON: where their facilities are, and how far they are filled. Nothing of a nurse.
std::string RoundMap(const SolvedRound& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
