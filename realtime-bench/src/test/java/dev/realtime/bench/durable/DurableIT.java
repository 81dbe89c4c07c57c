package dev.realtime.bench.durable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import dev.realtime.bench.Bench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command counts what the tables hold after each turn, and fails on another number.
 */
class DurableIT {

	@TempDir
	Path folder;

	@Test
	void everyReceiptIsARowOfTheTable() {
		assertThat(Bench.run(List.of("durable", "--topics=1,10", "--runs=1", "--seconds=1"))).isZero();
	}

	@Test
	void atAFixedRateEveryReceiptIsARowOfTheTable() {
		assertThat(Bench.run(List.of("durable", "--topics=3", "--runs=1", "--seconds=1", "--rate=500"))).isZero();
	}

	@Test
	void aDatabaseThatHoldsAnApplicationsMessagesIsLeftAlone() throws SQLException {
		String url = "jdbc:h2:file:" + this.folder.resolve("application");
		assertThat(Bench.run(List.of("durable", "--jdbc=" + url, "--topics=1", "--runs=1", "--seconds=1"))).isZero();
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			statement.execute("UPDATE realtime_topic SET topic = 'room.42' WHERE topic = 'bench.0'");
		}
		assertThat(Bench.run(List.of("durable", "--jdbc=" + url))).isEqualTo(2);
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			assertThat(statement.executeUpdate("DELETE FROM realtime_topic WHERE topic = 'room.42'")).isOne();
		}
	}

	@Test
	void aWrongCommandLineIsAnsweredWithASentence() {
		assertThat(Bench.run(List.of("durable", "--topics=none"))).isEqualTo(2);
		assertThat(Bench.run(List.of("durable", "--topics=0"))).isEqualTo(2);
		assertThat(Bench.run(List.of("durable", "--batch=1"))).isEqualTo(2);
		assertThat(Bench.run(List.of("durable", "--speed=high"))).isEqualTo(2);
	}

}
