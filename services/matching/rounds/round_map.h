#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_

#include <string>

#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_round.h"

namespace tsunagu::matching {

// The openings of a round as GeoJSON: where their facilities are, and how far they are filled. Nothing of a nurse. Of a
// round of visits an opening's posts are visits.
std::string RoundMap(const SolvedRound& solved);
std::string RoundMap(const SolvedVisits& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
