package dev.realtime.bench.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.Arguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What the command line and the files of costs may say. */
class ReadingTests {

	@TempDir
	Path folder;

	@ParameterizedTest
	@CsvSource({ "200,200", "1.5k,1500", "10m,10000000", "10M,10000000", "2g,2000000000", "0.1,0.1" })
	void numbersHaveSuffixes(String text, double value) {
		assertThat(Quantity.of("--events", text)).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "-1", "ten", "1t", "1e9", "1.", "NaN", "Infinity", "9999999g", "1 k" })
	void whatIsNoNumberAboveZeroIsRefusedByName(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Quantity.of("--events", text))
			.withMessageContaining("--events");
	}

	@Test
	void aPartOfAConnectionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Quantity.whole("--connections", "1.5"))
			.withMessageContaining("whole");
		assertThat(Quantity.whole("--connections", "1.5k")).isEqualTo(1_500);
	}

	@Test
	void groupsAreTopicsTimesMembersAtARate() {
		assertThat(Groups.parse("100kx50@0.1/s, 1000x5000@2/s")).containsExactly(new Group(100_000, 50, 0.1),
				new Group(1_000, 5_000, 2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "100x50", "100x50@1", "x50@1/s", "100x50@1/m", "100x50@0/s", "100x1.5@1/s",
			"100x50@1/s,", "100x1g@1/s", "axb@c/s", "100x50x2@1/s" })
	void aGroupThatIsNoneIsRefusedWithItsForm(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Groups.parse(text)).withMessageContaining("group");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "--events=1 --fan-out=1|--connections is missing",
			"--connections=10|--events is missing", "--connections=10 --events=1|--fan-out is missing",
			"--connections=10 --events=1 --fan-out=11|at most --connections",
			"--connections=10 --groups=1x11@1/s|11 members", "--connections=10 --groups=1x1@1/s --events=2|not both",
			"--connections=10 --groups=1x1@1/s --burst=0.5|--burst",
			"--connections=10 --groups=1x1@1/s --engine=fax|--engine",
			"--connections=10 --groups=1x1@1/s --transport=fax|--transport",
			"--connections=10 --groups=1x1@1/s --utilization=1.5|--utilization",
			"--connections=10 --groups=1x1@1/s --node-cores=0|--node-cores" })
	void aFleetThatCannotBeIsRefusedByName(String options, String problem) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> FleetOptions.fleet(Arguments.parse(List.of(options.split(" ", -1)))))
			.withMessageContaining(problem);
	}

	@Test
	void aFleetOfOneKindHasATopicForEachFanOut() {
		Fleet fleet = FleetOptions
			.fleet(Arguments.parse(List.of("--connections=10m", "--events=50000", "--fan-out=200")));
		assertThat(fleet.groups()).containsExactly(new Group(50_000, 200, 1));
		assertThat(fleet.deliveries()).isEqualTo(10_000_000);
	}

	@Test
	void aFileOfCostsReplacesThoseThatItHas() throws IOException {
		Path file = Files.writeString(this.folder.resolve("costs.json"),
				"{\"machine\": \"a large one\", \"costs\": {\"redis.receive\": {\"value\": 3, \"from\": \"here\"}}}");
		Costs costs = CostFile.read(file.toString());
		assertThat(costs.of("redis", UnitCost.RECEIVE)).isEqualTo(new Cost(3, "here"));
		assertThat(costs.of("redis", UnitCost.PUBLISH)).isEqualTo(CostFile.shipped().of("redis", UnitCost.PUBLISH));
		assertThat(costs.machine()).contains("a large one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "{}", "no JSON", "{\"costs\": {}}", "{\"costs\": {\"love\": {\"value\": 1}}}",
			"{\"costs\": {\"receive\": {\"value\": 1}}}", "{\"costs\": {\"redis.receive\": {\"value\": -1}}}",
			"{\"costs\": {\"redis.receive\": {\"value\": \"3\"}}}" })
	void aFileWithoutCostsIsRefused(String text) throws IOException {
		Path file = Files.writeString(this.folder.resolve("costs.json"), text);
		assertThatIllegalArgumentException().isThrownBy(() -> CostFile.read(file.toString()))
			.withMessageContaining("--costs");
	}

	@Test
	void resultsOfRunsReplaceShippedCosts() throws IOException {
		assertThatIllegalArgumentException().isThrownBy(() -> CostFile.read(this.folder.toString()))
			.withMessageContaining("latency.json");
		assertThatIllegalArgumentException().isThrownBy(() -> CostFile.read(this.folder.resolve("none").toString()))
			.withMessageContaining("none");
		Files.writeString(this.folder.resolve("latency.json"), """
				{"medians": [{"server": "netty", "variant": "60 publishes/s to 1000",
				              "values": {"server cores": 0.5, "compiler cores": 0.2}}]}""");
		Files.writeString(this.folder.resolve("join-storm.json"), """
				{"medians": [
				  {"server": "tomcat", "variant": "15000 clients", "values": {"clients per server-CPU-second": 4000}},
				  {"server": "tomcat", "variant": "15000 clients at a new node",
				   "values": {"clients per server-CPU-second": 1000}}]}""");
		Files.writeString(this.folder.resolve("two-nodes.json"),
				"""
						{"medians": [{"server": "netty", "variant": "redis, 60 publishes/s to 1000 on the other node",
						              "values": {"most: publishing node µs": 20, "most: other node µs": 14,
						                         "most: compiler µs": 8, "most: store µs": 17}},
						             {"server": "netty", "variant": "redis-partitions, 60 publishes/s", "values": {"most: store µs": 99}}]}""");
		Costs costs = CostFile.read(this.folder.toString());
		assertThat(costs.value("netty", UnitCost.DELIVERY)).isEqualTo(5.0,
				org.assertj.core.api.Assertions.within(1e-9));
		assertThat(costs.value("redis", UnitCost.PUBLISH)).isEqualTo(16);
		assertThat(costs.value("redis", UnitCost.RECEIVE)).isEqualTo(10);
		assertThat(costs.value("redis", UnitCost.STORE)).isEqualTo(17);
		assertThat(costs.value("tomcat", UnitCost.JOINS)).isEqualTo(4_000);
		assertThat(costs.value("tomcat", UnitCost.JOINS_AT_A_NEW_NODE)).isEqualTo(1_000);
		assertThat(costs.of("netty", UnitCost.JOINS)).isEqualTo(CostFile.shipped().of("netty", UnitCost.JOINS));
	}

	@Test
	void whatCapacityMeasureWritesIsReadFromTheFolderOfResults() {
		String written = CostFile.write(this.folder.resolve("new").resolve(CostFile.MEASURED), "redis",
				Map.of("compare", 12.345), "a test");
		assertThat(written).contains("12.35");
		assertThat(CostFile.read(this.folder.resolve("new").toString()).of("redis", UnitCost.COMPARE))
			.isEqualTo(new Cost(12.35, "a test"));
	}

	@ParameterizedTest
	@EnumSource(EngineKind.class)
	void eachEngineHasItsCostsOnEachTransport(EngineKind engine) {
		for (String transport : List.of("netty", "tomcat")) {
			Fleet fleet = Fleets.of(10_000, new Group(100, 100, 1)).engine(engine).transport(transport).get();
			assertThat(PlanReport.of(new Calculator(fleet, CostFile.shipped()).plan()))
				.contains("ENGINE           " + engine.text())
				.doesNotContain("NaN")
				.doesNotContain("TODO");
		}
	}

}
