#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_REPORT_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_REPORT_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Offers the reports "supply" and "fairness".
void AddRoundReports(Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_REPORT_H_
