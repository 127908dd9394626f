#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_REPORT_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_REPORT_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Adds the report of shortages of visits, and of the changes that would close them.
void AddVisitReport(Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_REPORT_H_
