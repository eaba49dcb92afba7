#include "exchanges/exchange_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace troupe;
using protocol::errc;
using protocol::model_exchange;
using protocol::replay_mode;

namespace {

struct fixture {
  test::scratch_folder folder{"exchange-file"};
  std::string path = (folder.path() / "models.jsonl").string();

  [[nodiscard]] std::string text() const {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  /// Why a file of this text is refused; empty: it is read.
  [[nodiscard]] std::string why(const std::string& content,
                                replay_mode mode = replay_mode::strict) const {
    (void)folder.write("models.jsonl", content);
    const auto read = read_exchanges(path, mode);
    return read ? std::string{}
                : std::string{to_string(read.error().code)} + ": "
                      + read.error().detail;
  }
};

model_exchange exchange_of(std::uint64_t number, const std::string& text) {
  model_exchange it;
  it.number = number;
  it.provider = "p";
  it.asked.model = "m";
  it.reply.emplace().content = {protocol::text_part{text}};
  return it;
}

std::string head() {
  return protocol::exchange_head() + '\n';
}

/// Lets the process write files of so many bytes only, as a full disk would.
class small_disk {
public:
  explicit small_disk(rlim_t bytes) : old_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit less = limit_;
    less.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &less);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, old_);
  }

private:
  void (*old_)(int);
  rlimit limit_{};
};

} // namespace

TEST_CASE("a recording comes back from its file, which is its owner's alone",
          "[exchange_file]") {
  const fixture it;
  {
    auto file = exchange_file::open(it.path);
    REQUIRE(file.has_value());
    CHECK((*file)->next_number() == 1);
    CHECK((*file)->next_number() == 2);
    REQUIRE((*file)->append(exchange_of(1, "a\nb")).has_value());
    REQUIRE((*file)->append(exchange_of(2, "c")).has_value());
    CHECK((*file)->counts().recorded == 2);
  }
  struct stat what {};
  REQUIRE(stat(it.path.c_str(), &what) == 0);
  CHECK((what.st_mode & 0777U) == 0600U);
  const auto read = read_exchanges(it.path, replay_mode::strict);
  REQUIRE(read.has_value());
  CHECK_FALSE(read->is_cut);
  REQUIRE(read->exchanges.size() == 2);
  CHECK(read->exchanges[0] == exchange_of(1, "a\nb"));
  CHECK(read->exchanges[1] == exchange_of(2, "c"));
}

TEST_CASE("a recording overwrites nothing", "[exchange_file]") {
  const fixture it;
  (void)it.folder.write("models.jsonl", "precious");
  const auto file = exchange_file::open(it.path);
  REQUIRE(file.has_error());
  CHECK(file.error().code == errc::file_unreadable);
  CHECK(file.error().detail.find("nothing is overwritten")
        != std::string::npos);
  CHECK(it.text() == "precious");
}

TEST_CASE("a file that is empty, or whose run began no call, is taken",
          "[exchange_file]") {
  const fixture it;
  (void)it.folder.write("models.jsonl", "");
  REQUIRE(chmod(it.path.c_str(), 0644) == 0);
  CHECK(exchange_file::open(it.path).has_value());
  struct stat what {};
  REQUIRE(stat(it.path.c_str(), &what) == 0);
  CHECK((what.st_mode & 0777U) == 0600U);
  CHECK(exchange_file::open(it.path).has_value());
  CHECK(it.text() == head());
}

TEST_CASE("a file that cannot be a recording is refused at the start",
          "[exchange_file]") {
  const fixture it;
  CHECK(exchange_file::open(it.folder.path().string()).error().code
        == errc::file_unreadable);
  CHECK(exchange_file::open((it.folder.path() / "absent" / "f").string())
            .error()
            .code
        == errc::file_unreadable);
  CHECK(exchange_file::open("/dev/null").error().detail.find("no plain file")
        != std::string::npos);
  REQUIRE(mkfifo((it.folder.path() / "pipe").c_str(), 0600) == 0);
  CHECK(exchange_file::open((it.folder.path() / "pipe").string()).has_error());
  const auto first = exchange_file::open(it.path);
  CHECK(exchange_file::open(it.path).error().detail.find("another process")
        != std::string::npos);
}

TEST_CASE("a full disk leaves whole lines, and is told once",
          "[exchange_file]") {
  const fixture it;
  auto file = exchange_file::open(it.path);
  REQUIRE(file.has_value());
  REQUIRE((*file)->append(exchange_of(1, "a")).has_value());
  const auto whole = it.text();
  {
    const small_disk disk{whole.size() + 40};
    const auto refused = (*file)->append(exchange_of(2, "b"));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::file_unreadable);
    CHECK(refused.error().detail.find("File too large") != std::string::npos);
  }
  CHECK(it.text() == whole);
  CHECK((*file)->append(exchange_of(3, "c")).has_value());
  CHECK(it.text() == whole); // a hole would look like a whole recording
  CHECK((*file)->counts().recorded == 1);
  REQUIRE((*file)->counts().failure);
  CHECK(read_exchanges(it.path, replay_mode::strict)->exchanges.size() == 1);
}

TEST_CASE("an exchange that nobody could read is not written",
          "[exchange_file]") {
  const fixture it;
  auto file = exchange_file::open(it.path);
  REQUIRE(file.has_value());
  const auto refused =
      (*file)->append(exchange_of(1, std::string(17U << 20U, 'x')));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::limit_exceeded);
  CHECK(it.text() == head());
}

TEST_CASE("a file that is no recording is refused with its line",
          "[exchange_file]") {
  const fixture it;
  const auto line = to_line(exchange_of(1, "a")) + '\n';
  const auto at = [&](int number) {
    return "malformed_message: recording '" + it.path + "': line "
           + std::to_string(number) + ": ";
  };
  CHECK(it.why("") == at(1) + "the recording is empty");
  CHECK(it.why("hello\n") == at(1) + "this is no recording of models");
  CHECK(it.why(R"({"format":"troupe model exchanges","version":9})"
               "\n")
        == at(1) + "a recording of version 9; this troupe reads version 1");
  CHECK(it.why(head()) == "");
  CHECK(it.why(head() + line + "\n \n" + line) == "");
  CHECK(it.why(head() + line + "garbage\n").starts_with(at(3) + "byte "));
  CHECK(it.why(head() + std::string("\0\0\n", 3)).starts_with(at(2)));
  CHECK(it.why(head() + "{\"reply\":\xff}\n").starts_with(at(2)));
  CHECK(it.why(head() + std::string(17U << 20U, '[') + '\n')
            .starts_with("limit_exceeded: recording '"));
  CHECK(it.why(head() + std::string(100, '[') + '\n')
            .starts_with("limit_exceeded: recording '"));
  CHECK(read_exchanges(it.path + "x", replay_mode::strict).error().code
        == errc::file_unreadable);
  CHECK(read_exchanges("/dev/zero", replay_mode::strict).error().code
        == errc::file_unreadable);
}

TEST_CASE("a last line without its end is left out by lenient readers only",
          "[exchange_file]") {
  const fixture it;
  const auto line = to_line(exchange_of(1, "a")) + '\n';
  const auto cut = head() + line + line.substr(0, line.size() / 2);
  CHECK(it.why(cut).find("line 3: the line has no end") != std::string::npos);
  CHECK(it.why(cut, replay_mode::lenient) == "");
  const auto read = read_exchanges(it.path, replay_mode::lenient);
  CHECK(read->is_cut);
  CHECK(read->exchanges.size() == 1);
}
