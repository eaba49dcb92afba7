// A client of one node that writes and reads shared state until a file says
// that it is enough, and takes down each request and what it was told.
//   state_client NODE CERT NAME LOG STOP KEYS [read]
#include "client.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

namespace {

using namespace troupe;
using protocol::errc;

/// On the clock that all processes of a machine share.
long long now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class state_client {
public:
  explicit state_client(char** words)
      : access_{words[1], words[2]}, name_(words[3]), log_(words[4]),
        stop_(words[5]), keys_(static_cast<unsigned>(std::atoi(words[6]))),
        only_reads_(words[7] != nullptr),
        random_(std::hash<std::string>{}(name_)) {}

  void work() {
    while (!std::filesystem::exists(stop_)) {
      if (!node_)
        connect();
      else if (const auto key = "k" + std::to_string(random_() % keys_);
               only_reads_ || random_() % 3 == 0)
        read(key);
      else
        write(key);
    }
  }

private:
  void connect() {
    auto it = cluster::connect_client(access_);
    if (it)
      node_ = std::move(*it);
    else // its node may be gone for a while
      std::this_thread::yield();
  }

  void begin(const char* kind, const std::string& key,
             const std::string& value) {
    log_ << "begin " << ++number_ << ' ' << kind << ' ' << key << ' ' << value
         << ' ' << now() << std::endl;
  }
  void end(const char* how, std::uint64_t version, const std::string& value) {
    log_ << "end " << number_ << ' ' << how << ' ' << version << ' ' << value
         << ' ' << now() << std::endl;
  }

  /// Refused for good, or nobody knows.
  void fail(const protocol::error& why) {
    const bool is_refused = why.code == errc::version_conflict
                            || why.code == errc::overloaded
                            || why.code == errc::invalid_request;
    end(is_refused ? "failed" : "unknown", 0, "-");
    if (!is_refused)
      node_ = nullptr; // an answer that comes late is not for the next one
  }

  void write(const std::string& key) {
    const auto value = name_ + "." + std::to_string(number_ + 1);
    protocol::state_write what{
        key, protocol::state_operation::put, {}, "\"" + value + "\"", {}};
    if (const auto seen = versions_.find(key);
        seen != versions_.end() && random_() % 2 == 0)
      what.expected = seen->second;
    begin("write", key, value);
    const auto told = node_->ask_state(protocol::write_state{{what}, {}, 0});
    if (!told)
      return fail(told.error());
    const auto& it = std::get<protocol::state_written>(*told);
    versions_[key] = it.versions.front();
    end("ok", it.versions.front(), value);
  }

  void read(const std::string& key) {
    begin("read", key, "-");
    const auto told = node_->ask_state(protocol::read_state{key});
    if (!told)
      return fail(told.error());
    const auto& it = std::get<protocol::state_value>(*told);
    if (!it.entry)
      return end("ok", 0, "-");
    versions_[key] = it.entry->version;
    const auto& text = it.entry->value;
    end("ok", it.entry->version, text.substr(1, text.size() - 2));
  }

  cli::node_access access_ = {};
  std::string name_;
  std::ofstream log_;
  std::string stop_;
  unsigned keys_;
  bool only_reads_;
  std::mt19937_64 random_;
  std::unique_ptr<cli::far_node> node_;
  std::map<std::string, std::uint64_t> versions_; // bounded by keys_
  std::uint64_t number_ = 0;
};

} // namespace

int main(int count, char** words) {
  if (count < 7)
    return 2;
  state_client{words}.work();
  return 0;
}
