#include "mission_file/glob.hpp"

#include <algorithm>
#include <system_error>

namespace troupe::mission_file {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t entries_max = 100'000;

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

/// Walks the folders that a pattern leads to.
class glob_walk {
public:
  glob_walk(const fs::path& pattern, std::size_t files_max)
      : steps_(pattern.begin(), pattern.end()), files_max_{files_max} {}

  void run(const fs::path& at, std::size_t step) {
    if (gone_too_far_)
      return;
    if (step == steps_.size()) {
      take(at);
      return;
    }
    const auto name = steps_[step].string();
    if (name == "**") {
      run(at, step + 1);
      each_entry(at, [&](const fs::directory_entry& entry) {
        std::error_code ec;
        if (entry.is_directory(ec) && !entry.is_symlink(ec)
            && !is_hidden(entry))
          run(entry.path(), step);
      });
    } else if (has_wildcard(name)) {
      each_entry(at, [&](const fs::directory_entry& entry) {
        if ((name[0] == '.' || !is_hidden(entry))
            && glob_matches(name, entry.path().filename().string()))
          run(entry.path(), step + 1);
      });
    } else {
      run(at / steps_[step], step + 1);
    }
  }

  std::vector<fs::path> files;
  [[nodiscard]] bool gone_too_far() const { return gone_too_far_; }

private:
  static bool is_hidden(const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with('.');
  }

  void take(const fs::path& path) {
    std::error_code ec;
    if (!fs::is_regular_file(path, ec))
      return;
    files.push_back(path);
    gone_too_far_ = files.size() > files_max_;
  }

  template <class F>
  void each_entry(const fs::path& folder, F visit) {
    std::error_code ec;
    const auto quiet = fs::directory_options::skip_permission_denied;
    for (fs::directory_iterator at{folder, quiet, ec}, end; !ec && at != end;
         at.increment(ec)) {
      gone_too_far_ = gone_too_far_ || ++entries_ > entries_max;
      if (gone_too_far_)
        return;
      visit(*at);
    }
  }

  std::vector<fs::path> steps_;
  std::size_t files_max_;
  std::size_t entries_ = 0;
  bool gone_too_far_ = false;
};

} // namespace

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos; // the last '*' seen, and what it ate
  std::size_t eaten = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      eaten = t;
    } else if (p < pattern.size()
               && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++eaten;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

protocol::result<std::vector<fs::path>> glob_files(const fs::path& base,
                                                   std::string_view pattern,
                                                   std::size_t files_max) {
  glob_walk walk{fs::path{pattern}, files_max};
  walk.run(base, 0);
  if (walk.gone_too_far())
    return fail(errc::limit_exceeded,
                "more than " + std::to_string(files_max) + " files match");
  std::sort(walk.files.begin(), walk.files.end());
  walk.files.erase(std::unique(walk.files.begin(), walk.files.end()),
                   walk.files.end());
  if (walk.files.empty())
    return fail(errc::file_unreadable, "no file matches");
  return walk.files;
}

} // namespace troupe::mission_file
