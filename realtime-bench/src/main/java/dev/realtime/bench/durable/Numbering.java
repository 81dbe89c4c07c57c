package dev.realtime.bench.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Topic;
import dev.realtime.bench.Arguments;
import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.bench.report.Table;
import dev.realtime.bench.scenario.Figures;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;
import io.lettuce.core.RedisClient;

import org.springframework.util.FileSystemUtils;

/**
 * The command {@code numbering}: parallel publishers on one topic of the durable broker,
 * whose numbers are the log's or those of a counter in a Redis that it starts. All take
 * turns in this process; after each turn the tables must hold exactly what was stored.
 */
public final class Numbering {

	private Numbering() {
	}

	/**
	 * Runs it and prints a table.
	 * @throws IllegalArgumentException when the command line is wrong, saying how
	 */
	public static void run(Arguments arguments) throws SQLException, IOException {
		NumberingOptions options = NumberingOptions.of(arguments);
		Path folder = Files.createTempDirectory("realtime-bench-h2");
		try (HikariDataSource pool = pool(options, folder); RedisProcess redis = RedisProcess.start()) {
			RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
			try (RedisLink link = RedisLink.connect(client, Duration.ofSeconds(2), new Loops(), "bench-redis")) {
				TopicCounter counter = new RedisTopicCounter(link, new RedisKeys("rt"));
				Tables tables = new Tables(pool);
				tables.prepare();
				List<ParallelPublishes> contenders = List.of(new ParallelPublishes(pool, tables, options, null, true),
						new ParallelPublishes(pool, tables, options, counter, true),
						new ParallelPublishes(pool, tables, options, null, false),
						new ParallelPublishes(pool, tables, options, counter, false));
				System.out.println(Table.of("numbering", "numbered by", measure(options, contenders)));
			}
			finally {
				client.shutdown(0, 2, TimeUnit.SECONDS);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static HikariDataSource pool(NumberingOptions options, Path folder) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl((options.url() != null) ? options.url() : "jdbc:h2:file:" + folder.resolve("bench"));
		config.setMaximumPoolSize(options.publishers().stream().mapToInt(Integer::intValue).max().orElse(1) + 12);
		config.setConnectionTimeout(5_000);
		return new HikariDataSource(config);
	}

	private static List<Figures> measure(NumberingOptions options, List<ParallelPublishes> contenders)
			throws SQLException {
		List<Figures> rows = new ArrayList<>();
		Topic topic = Topic.of(Tables.PREFIX + "0");
		for (int publishers : options.publishers()) {
			String variant = publishers + ((publishers == 1) ? " publisher" : " publishers");
			List<List<Figures>> runs = new ArrayList<>();
			contenders.forEach((contender) -> runs.add(new ArrayList<>()));
			for (int run = 0; run <= options.runs(); run++) {
				for (int i = 0; i < contenders.size(); i++) {
					Figures figures = contenders.get(i)
						.measure(topic, publishers)
						.figures(contenders.get(i).name(), variant);
					if (run > 0) {
						runs.get(i).add(figures);
					}
				}
			}
			List<Figures> medians = runs.stream().map(Figures::median).toList();
			for (int i = 0; i < medians.size(); i++) {
				// each counter stands behind the log that it is compared with
				rows.add(withRatio(medians.get(i), medians.get(i - i % 2)));
			}
		}
		return rows;
	}

	private static Figures withRatio(Figures row, Figures log) {
		Map<String, Double> values = new LinkedHashMap<>();
		row.values().forEach((name, value) -> {
			values.put(name, value);
			if (name.equals(Measured.RATE)) {
				values.put("of the log", value / log.values().getOrDefault(Measured.RATE, Double.NaN));
			}
		});
		return new Figures(row.server(), row.variant(), values);
	}

}
