#ifndef TSUNAGU_SERVICES_SUITE_RECOMMEND_H_
#define TSUNAGU_SERVICES_SUITE_RECOMMEND_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

struct RecommendOptions {
  // The subject: exactly one of these, or a licence with further data of the person.
  std::string opening, nurse, licence;
  std::vector<std::string> skills;
  int weekly_minutes = 0, commute_limit_metres = 0, commute_limit_minutes = 0;
  std::string home_mesh, home_area;
  std::string operator_code, basis;  // the operator who mediates, and its legal basis
  std::string area;                  // the area of the search; empty: the prefecture
  int count = 0;                     // the largest number to list; 0: the default of the server
};

// Lists nurses for an opening, or openings for a nurse or for somebody on the telephone, with reasons and with what is
// missing. Without a legal basis, prints the counts and why there are no names.
absl::Status Recommend(const Client& client, const RecommendOptions& options, std::ostream& told);

// `tsunagu recommend`.
void AddRecommend(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_RECOMMEND_H_
