package dev.realtime.relay.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Await;
import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.Databases;
import dev.realtime.testing.Messages;
import dev.realtime.testing.Ports;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The relay behind a PgBouncer, where Debian's package pgbouncer is installed. */
class PgbouncerIT {

	private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

	private final Topic topic = Messages.topic();

	@TempDir
	private Path folder;

	private int port;

	@Test
	void pollsInTransactionModeAndSaysSo() throws Exception {
		assertCarries("transaction", true);
	}

	@Test
	void listensInSessionMode() throws Exception {
		assertCarries("session", false);
	}

	private void assertCarries(String mode, boolean polling) throws Exception {
		Assumptions.assumeTrue(Files.isExecutable(PROGRAM),
				"Without Debian's package pgbouncer this is left out; PollingRelayIT stands in for it");
		DatabaseServer server = DatabaseServer.postgresql();
		int behind = Integer.parseInt(server.url().replaceAll(".*:(\\d+)/.*", "$1"));
		Process bouncer = Ports.startOnOne((port) -> start(mode, port, behind));
		String url = server.url().replace(":" + behind + "/", ":" + this.port + "/") + "&prepareThreshold=0";
		try (HikariDataSource pool = Databases.pool(url)) {
			PostgresRelay one = node(pool);
			PostgresRelay two = node(pool);
			Messages.Heard heard = new Messages.Heard();
			try {
				one.start(new Messages.Heard());
				two.start(heard);
				assertThat(two.isPolling()).isEqualTo(polling);
				Await.result(two.subscribe(this.topic));
				var message = StoringRelay.text(this.topic, 1, "through the pooler");
				StoringRelay.store(pool, message);
				Await.result(one.announce(message));
				Await.result(one.signal(new Signal(this.topic, "typing", "ann", "x".repeat(20_000), null)));
				Await.until(() -> assertThat(heard.texts()).containsExactly("through the pooler"));
				Await.until(() -> assertThat(heard.signals()).hasSize(1));
			}
			finally {
				one.close();
				two.close();
			}
		}
		finally {
			bouncer.destroyForcibly().onExit().join();
			server.stop();
		}
	}

	private Process start(String mode, int port, int behind) {
		this.port = port;
		try {
			Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
			Path users = Files.writeString(this.folder.resolve("users.txt"), "\"realtime\" \"\"\n");
			Path configuration = Files.writeString(this.folder.resolve("pgbouncer.ini"), """
					[databases]
					postgres = host=127.0.0.1 port=%d user=realtime
					[pgbouncer]
					listen_addr = 127.0.0.1
					listen_port = %d
					unix_socket_dir =
					auth_type = any
					auth_file = %s
					pool_mode = %s
					default_pool_size = 20
					ignore_startup_parameters = extra_float_digits
					""".formatted(behind, port, users, mode));
			List<String> command = new ArrayList<>();
			if ("root".equals(System.getProperty("user.name"))) {
				command.addAll(List.of("runuser", "-u", "nobody", "--"));
			}
			command.addAll(List.of(PROGRAM.toString(), configuration.toString()));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.folder.resolve("pgbouncer.log").toFile())
				.start();
			Await.until(() -> {
				assertThat(process.isAlive()).isTrue();
				new Socket(InetAddress.getLoopbackAddress(), port).close();
			});
			return process;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PostgresRelay node(HikariDataSource pool) {
		return new PostgresRelay(pool, new JdbcDatabase(pool, Duration.ofSeconds(5)),
				PostgresRelayContract.withProbeTimeout(Duration.ofSeconds(1)), Clock.systemUTC(), new Loops());
	}

}
