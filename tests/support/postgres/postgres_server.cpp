#include "support/postgres/postgres_server.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <libpq-fe.h>
#include <pwd.h>
#include <sstream>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::test {

namespace fs = std::filesystem;

namespace {

/// Of the newest version that is installed; empty: there is none.
std::string programs() {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& it : fs::directory_iterator{"/usr/lib/postgresql", ignored})
    if (fs::exists(it.path() / "bin" / "initdb", ignored))
      found.push_back((it.path() / "bin").string());
  return found.empty() ? std::string{}
                       : *std::max_element(found.begin(), found.end());
}

const char* server_user() {
  return getpwnam("postgres") != nullptr ? "postgres" : "nobody";
}

/// The exit code; what it says goes to a file.
int run(std::vector<std::string> words, const std::string& log) {
  if (geteuid() == 0)
    words.insert(words.begin(),
                 {"/usr/bin/setpriv", std::string{"--reuid="} + server_user(),
                  "--regid=" + std::to_string(getpwnam(server_user())->pw_gid),
                  "--clear-groups"});
  std::vector<char*> raw;
  for (auto& it : words)
    raw.push_back(it.data());
  raw.push_back(nullptr);
  const auto child = fork();
  if (child == 0) {
    const auto to = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(to, STDOUT_FILENO);
    dup2(to, STDERR_FILENO);
    if (chdir("/") == 0)
      execv(raw.front(), raw.data());
    _exit(127);
  }
  int status = 0;
  // No check: the last server ends behind all tests.
  const bool is_known = waitpid(child, &status, 0) == child;
  return is_known && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The shared memory of a server that was killed stays, as its file tells.
void forget_memory(const fs::path& file) {
  std::ifstream from{file};
  std::string line;
  for (int i = 0; i < 6; ++i)
    std::getline(from, line);
  int key = 0;
  int number = -1;
  if (from >> key >> number; number >= 0)
    (void)shmctl(number, IPC_RMID, nullptr);
}

std::string text_in(const fs::path& file) {
  std::ifstream from{file};
  std::ostringstream to;
  to << from.rdbuf();
  return to.str();
}

} // namespace

bool postgres_server::is_installed() {
  return !programs().empty();
}

postgres_server& postgres_server::shared() {
  static postgres_server it;
  return it;
}

/// In memory where there is room: what the processes that are killed have
/// written is kept there too, and a thousand syncs take no time.
void postgres_server::make_folder() {
  std::error_code ignored;
  const auto room = fs::space("/dev/shm", ignored).available;
  const bool is_roomy = !ignored && room > std::uintmax_t{512} << 20U;
  const auto place =
      (is_roomy ? fs::path{"/dev/shm"} : fs::temp_directory_path())
      / "troupe-pg-XXXXXX";
  folder_ = place.string();
  REQUIRE(mkdtemp(folder_.data()) != nullptr);
  if (geteuid() == 0) {
    const auto* user = getpwnam(server_user());
    REQUIRE(chown(folder_.c_str(), user->pw_uid, user->pw_gid) == 0);
  }
}

postgres_server::postgres_server() {
  make_folder();
  const auto log = folder_ + ".log";
  const auto made =
      run({programs() + "/initdb", "-D", folder_ + "/data", "-U", "troupe",
           "-A", "trust", "-N", "-E", "UTF8", "--locale=C"},
          log);
  CAPTURE(text_in(log));
  REQUIRE(made == 0);
  std::ofstream{folder_ + "/data/postgresql.conf", std::ios::app}
      << "listen_addresses = ''\nunix_socket_directories = '" << folder_
      << "'\nfsync = on\nmax_connections = 60\nshared_buffers = 32MB\n"
         "dynamic_shared_memory_type = mmap\n";
  // One that has to say a password, before the line that asks for none.
  const auto access = folder_ + "/data/pg_hba.conf";
  const auto others = text_in(access);
  std::ofstream{access} << "local all guarded scram-sha-256\n" << others;
  start();
  ask("CREATE ROLE guarded LOGIN PASSWORD 'p4ssw0rd'");
}

postgres_server::postgres_server(standby_of which) {
  make_folder();
  const auto log = folder_ + ".log";
  const auto made =
      run({programs() + "/pg_basebackup", "-h", which.primary.folder_, "-U",
           "troupe", "-D", folder_ + "/data", "-R", "-c", "fast", "-N"},
          log);
  CAPTURE(text_in(log));
  REQUIRE(made == 0);
  std::ofstream{folder_ + "/data/postgresql.conf", std::ios::app}
      << "unix_socket_directories = '" << folder_ << "'\n";
  start();
}

void postgres_server::promote() {
  REQUIRE(run({programs() + "/pg_ctl", "-D", folder_ + "/data", "-s", "-w",
               "-t", "60", "promote"},
              folder_ + ".log")
          == 0);
}

postgres_server::~postgres_server() {
  if (main_ > 1)
    (void)run({programs() + "/pg_ctl", "-D", folder_ + "/data", "-s", "-m",
               "immediate", "stop"},
              folder_ + ".log");
  else
    forget_memory(folder_ + "/data/postmaster.pid");
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  fs::remove(folder_ + ".log", ignored);
}

std::string postgres_server::conninfo() const {
  return "host=" + folder_ + " user=troupe dbname=postgres";
}

void postgres_server::start() {
  const auto log = folder_ + ".log";
  int code = 1; // what was killed may take a moment to be gone
  for (int i = 0; i < 20 && code != 0; ++i)
    code = run({programs() + "/pg_ctl", "-D", folder_ + "/data", "-l",
                folder_ + "/server.log", "-s", "-w", "-t", "60", "start"},
               log);
  CAPTURE(text_in(log), text_in(folder_ + "/server.log"));
  REQUIRE(code == 0);
  std::ifstream{folder_ + "/data/postmaster.pid"} >> main_;
  REQUIRE(main_ > 1);
}

std::vector<pid_t> postgres_server::processes() const {
  std::vector<pid_t> out;
  std::error_code ignored;
  for (const auto& it : fs::directory_iterator{"/proc", ignored}) {
    const auto pid = std::atoi(it.path().filename().c_str());
    if (pid <= 0)
      continue;
    const auto text = text_in(it.path() / "stat");
    const auto end = text.rfind(')');
    char state = 0;
    pid_t parent = 0;
    if (end == std::string::npos)
      continue;
    std::istringstream{text.substr(end + 1)} >> state >> parent;
    if (parent == main_)
      out.push_back(pid);
  }
  return out;
}

void postgres_server::signal_all(int which) const {
  if (main_ <= 1)
    return;
  // First the one that would make new ones.
  const auto others = processes();
  ::kill(main_, which);
  for (const auto it : others)
    ::kill(it, which);
}

void postgres_server::kill() {
  signal_all(SIGKILL);
  main_ = 0;
}

void postgres_server::pause() {
  signal_all(SIGSTOP);
}

void postgres_server::go_on() {
  signal_all(SIGCONT);
}

std::vector<std::string> postgres_server::ask(const std::string& text) const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> to{
      PQconnectdb(conninfo().c_str()), &PQfinish};
  const std::unique_ptr<PGresult, decltype(&PQclear)> got{
      PQexec(to.get(), text.c_str()), &PQclear};
  CAPTURE(text, PQerrorMessage(to.get()));
  REQUIRE((PQresultStatus(got.get()) == PGRES_TUPLES_OK
           || PQresultStatus(got.get()) == PGRES_COMMAND_OK));
  std::vector<std::string> out;
  for (int i = 0; i < PQntuples(got.get()); ++i)
    out.emplace_back(PQgetvalue(got.get(), i, 0));
  return out;
}

std::string postgres_server::ask_one(const std::string& text) const {
  const auto all = ask(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

void postgres_server::set(const std::string& name,
                          const std::string& value) const {
  ask("ALTER SYSTEM SET " + name + " = " + value);
  ask("SELECT pg_reload_conf()");
}

} // namespace troupe::test
