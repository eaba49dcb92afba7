#include "support/cluster/testbed.hpp"

namespace troupe::test {

flapping::flapping(testbed& on, std::string a, std::string b,
                   testbed::ms cut_for, testbed::ms healed_for)
    : thread_{
        [this, &on, a = std::move(a), b = std::move(b), cut_for, healed_for] {
          turn(on, a, b, cut_for, healed_for);
        }} {}

flapping::~flapping() {
  {
    const std::lock_guard lock{mutex_};
    has_ended_ = true;
  }
  ends_.notify_all();
  thread_.join();
}

void flapping::turn(testbed& on, const std::string& a, const std::string& b,
                    testbed::ms cut_for, testbed::ms healed_for) {
  const auto rest = [this](testbed::ms time) {
    std::unique_lock lock{mutex_};
    return !ends_.wait_for(lock, time, [this] { return has_ended_; });
  };
  do {
    on.cut(a, b);
    const bool goes_on = rest(cut_for);
    on.heal(a, b);
    if (!goes_on)
      break;
  } while (rest(healed_for));
}

} // namespace troupe::test
