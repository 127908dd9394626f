#include "common/host/flags.h"
#include "services/subsidy/module.h"

int main(int argc, char** argv) {
  const tsunagu::ServiceKind kinds[] = {{"subsidy", &tsunagu::subsidy::Build}};
  return tsunagu::ServiceMain(argc, argv, kinds);
}
