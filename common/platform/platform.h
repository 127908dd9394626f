#ifndef TSUNAGU_COMMON_PLATFORM_PLATFORM_H_
#define TSUNAGU_COMMON_PLATFORM_PLATFORM_H_

namespace tsunagu {

class Service;

// Binds the methods that every service offers: tsunagu.platform.v1.{Transfer,Revision,Change,Delivery,Access,AccessLog,
// Erasure,Operation,Report,Due}Service.
void BindPlatform(Service& service);

void BindTransfer(Service& service);
void BindRevisions(Service& service);
void BindAccess(Service& service);
void BindAccessLog(Service& service);
void BindErasure(Service& service);
void BindOperations(Service& service);
void BindChanges(Service& service);
void BindDeliveries(Service& service);
void BindFigureRows(Service& service);
void BindDue(Service& service);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_PLATFORM_H_
