package dev.realtime.bench.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Topic;
import dev.realtime.bench.Arguments;
import dev.realtime.bench.report.Table;
import dev.realtime.bench.scenario.Figures;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;

import org.springframework.util.FileSystemUtils;

/**
 * The command {@code durable}: publishes a second whose receipts say committed, on one
 * topic and on many, in batches and one by one, beside plain inserts. All contenders take
 * turns in this process, so a machine that slows down slows all of them down; after each
 * turn the tables must hold exactly what was stored.
 */
public final class Durable {

	private final DurableOptions options;

	private final Tables tables;

	private final List<Contender> contenders;

	private Durable(DurableOptions options, DataSource dataSource) {
		this.options = options;
		this.tables = new Tables(dataSource);
		JdbcBrokerOptions broker = JdbcBrokerOptions.DEFAULT;
		this.contenders = List.of(new PlainInserts(dataSource, options, options.writers(), 1),
				new PlainInserts(dataSource, options, options.connections(), 1),
				new PlainInserts(dataSource, options, options.writers(), options.batch()),
				new BrokerPublishes("JdbcBroker, one by one", dataSource, this.tables, options,
						broker.withBatches(1, options.writers())),
				new BrokerPublishes("JdbcBroker, batches of " + options.batch(), dataSource, this.tables, options,
						broker.withBatches(options.batch(), options.writers())));
	}

	/**
	 * Runs it and prints a table.
	 * @throws IllegalArgumentException when the command line is wrong, saying how
	 */
	public static void run(Arguments arguments) throws SQLException, IOException {
		DurableOptions options = DurableOptions.of(arguments);
		Path folder = Files.createTempDirectory("realtime-bench-h2");
		try (HikariDataSource pool = pool(options, folder)) {
			Durable durable = new Durable(options, pool);
			durable.tables.prepare();
			System.out.println(Table.of("durable", "stored by", durable.measure()));
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static HikariDataSource pool(DurableOptions options, Path folder) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl((options.url() != null) ? options.url() : "jdbc:h2:file:" + folder.resolve("bench"));
		config.setUsername(options.user());
		config.setPassword(options.password());
		config.setMaximumPoolSize(Math.max(options.writers(), options.connections()) + 8);
		config.setConnectionTimeout(5_000);
		return new HikariDataSource(config);
	}

	private List<Figures> measure() throws SQLException {
		List<Figures> rows = new ArrayList<>();
		for (int count : this.options.topics()) {
			String variant = count + ((count == 1) ? " topic" : " topics");
			List<Topic> topics = IntStream.range(0, count)
				.mapToObj((number) -> Topic.of(Tables.PREFIX + number))
				.toList();
			List<List<Figures>> runs = new ArrayList<>();
			this.contenders.forEach((contender) -> runs.add(new ArrayList<>()));
			for (int run = 0; run <= this.options.runs(); run++) {
				for (int i = 0; i < this.contenders.size(); i++) {
					Figures figures = measure(this.contenders.get(i), variant, topics);
					if (run > 0) {
						runs.get(i).add(figures);
					}
				}
			}
			rows.addAll(withRatios(runs.stream().map(Figures::median).toList()));
		}
		return rows;
	}

	private Figures measure(Contender contender, String variant, List<Topic> topics) throws SQLException {
		this.tables.empty();
		Measured measured = contender.measure(topics);
		this.tables.verify(measured.stored() + contender.before(topics));
		return measured.figures(contender.name(), variant);
	}

	/** Each beside the first one that commits as it does: alone, or in batches. */
	private List<Figures> withRatios(List<Figures> medians) {
		List<Figures> rows = new ArrayList<>();
		for (int i = 0; i < medians.size(); i++) {
			boolean batched = this.contenders.get(i).isBatched();
			int floor = IntStream.range(0, medians.size())
				.filter((other) -> this.contenders.get(other).isBatched() == batched)
				.findFirst()
				.orElseThrow();
			rows.add(withRatio(medians.get(i), medians.get(floor)));
		}
		return rows;
	}

	private static Figures withRatio(Figures row, Figures floor) {
		Map<String, Double> values = new LinkedHashMap<>();
		row.values().forEach((name, value) -> {
			values.put(name, value);
			if (name.equals(Measured.RATE)) {
				values.put("of the floor", value / floor.values().getOrDefault(Measured.RATE, Double.NaN));
			}
		});
		return new Figures(row.server(), row.variant(), values);
	}

}
