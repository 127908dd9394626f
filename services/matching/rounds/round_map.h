#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_

#include <string>

#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_round.h"

namespace tsunagu::matching {

// Returns the openings of a round as GeoJSON: the locations of their facilities, and how far they are filled. Contains
// no data of nurses. In a round of visits the posts of an opening are visits.
std::string RoundMap(const SolvedRound& solved);
std::string RoundMap(const SolvedVisits& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_MAP_H_
