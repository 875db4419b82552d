//! Children of the bench: the service, its own bare server, and the tools of PostgreSQL.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

/// A server that has said that it is ready. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) pid: u32,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a program and waits for its line `ready …PORT`.
    pub(crate) fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let log_file = std::fs::File::options().create(true).append(true).open(log)?;
        let mut child = command.stdout(Stdio::piped()).stderr(log_file).stdin(Stdio::null()).spawn()?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut server = Self { pid: child.id(), child, port: 0 };
        let mut lines = BufReader::new(stdout).lines();
        while server.port == 0 {
            let Some(line) = lines.next() else {
                bail!("the server ended before it was ready; see {}", log.display());
            };
            let line = line?;
            if let Some(rest) = line.strip_prefix("ready ") {
                let port = rest.rsplit(':').next().unwrap_or(rest);
                server.port = port.trim().parse().with_context(|| format!("no port in `{line}`"))?;
            }
        }
        // Whatever else it prints must not fill the pipe and stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(server)
    }

    /// Asks it to stop and waits for its end.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        run(Command::new("kill").args(["-TERM", &self.pid.to_string()]))?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { bail!("the service ended with {status}") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It fails when the process has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end and gives what it printed. The bench waits: nothing else goes on then.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        bail!("{:?} failed: {}", command.get_program(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The database server, and the tools that came with it.
#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    /// The folder of psql and pgbench.
    pub(crate) tools: PathBuf,
    /// The URL of the bench's own database.
    pub(crate) url: String,
    /// The postmaster.
    pub(crate) pid: u32,
}

impl Postgres {
    /// What a statement gives, one line a row.
    pub(crate) fn query(&self, sql: &str) -> anyhow::Result<String> {
        let mut psql = Command::new(self.tools.join("psql"));
        run(psql.args(["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", &self.url, "-c", sql]))
    }

    /// Runs a script of pgbench with prepared statements; `each` times in each of `clients` sessions.
    pub(crate) fn pgbench(
        &self,
        script: &Path,
        variables: &[(String, String)],
        clients: u64,
        each: u64,
    ) -> anyhow::Result<()> {
        let mut pgbench = Command::new(self.tools.join("pgbench"));
        pgbench.args(["-n", "-M", "prepared", "-j", "1", "-f"]).arg(script);
        pgbench.args(["-c", &clients.to_string(), "-t", &each.to_string()]);
        for (name, value) in variables {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        let told = run(pgbench.arg(&self.url))?;
        let all = format!("{0}/{0}", clients * each);
        // It goes on after a failed transaction; such a run counts for nothing.
        if told.contains(&all) { Ok(()) } else { bail!("pgbench did not finish: {told}") }
    }
}
