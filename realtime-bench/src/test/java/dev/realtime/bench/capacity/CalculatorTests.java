package dev.realtime.bench.capacity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** Arithmetic that was done by hand, with round unit costs. */
class CalculatorTests {

	private static final Offset<Double> EXACTLY = within(1e-9);

	/** 10 µs for everything that has a time, 10 kB for each connection. */
	private static Costs round() {
		Map<String, Cost> values = new HashMap<>();
		CostFile.shipped().values().keySet().forEach((key) -> values.put(key, new Cost(10, "by hand")));
		for (String each : List.of("netty.connection", "tomcat.connection")) {
			values.put(each, new Cost(10_000, "by hand"));
		}
		values.put("netty.heap", new Cost(8_000, "by hand"));
		values.put("redis.receive-thread", new Cost(4, "by hand"));
		values.put("socket", new Cost(0, "by hand"));
		values.put("process", new Cost(1e9, "by hand"));
		values.put("frame", new Cost(2, "by hand"));
		values.put("redis.forward", new Cost(1, "by hand"));
		values.put("frame-bytes", new Cost(72, "by hand"));
		values.put("relay-bytes", new Cost(72, "by hand"));
		values.put("netty.joins", new Cost(1_000, "by hand"));
		values.put("netty.joins-at-a-new-node", new Cost(100, "by hand"));
		return new Costs("a sheet of paper", values);
	}

	@Test
	void aTopicIsExpectedOnTheNodesThatChanceGivesIt() {
		assertThat(EngineKind.expectedNodes(1, 200)).isEqualTo(1);
		// 2 subscribers on 2 nodes: on one node half of the time, else on both.
		assertThat(EngineKind.expectedNodes(2, 2)).isEqualTo(1.5, EXACTLY);
		// 100 * (1 - 0.99^200) = 100 * (1 - 0.133980)
		assertThat(EngineKind.expectedNodes(100, 200)).isEqualTo(86.602, within(0.001));
		assertThat(EngineKind.expectedNodes(1_000_000, 200)).isEqualTo(200, within(0.03));
		assertThat(EngineKind.REDIS_PARTITIONS.reached(100, 2)).isEqualTo(100);
		assertThat(EngineKind.KAFKA.reached(100, 2)).isEqualTo(100);
	}

	@Test
	void aNodesLoadIsItsShare() {
		// 1,000 events/s to 100: 100,000 deliveries/s, of 2 nodes each 50,000.
		NodeLoad load = NodeLoad.of(Fleets.of(100_000, new Group(1_000, 100, 1)).get(), round(), 2);
		assertThat(load.connections()).isEqualTo(50_000);
		assertThat(load.publishCores()).isEqualTo(500 * 10e-6, EXACTLY);
		assertThat(load.receiveCores()).isEqualTo(1_000 * 10e-6, within(1e-6));
		assertThat(load.deliverCores()).isEqualTo(50_000 * 10e-6, EXACTLY);
		assertThat(load.receiveThreadCores()).isEqualTo(1_000 * 4e-6, within(1e-6));
		assertThat(load.memory().heap()).isEqualTo(50_000 * 2 * 8_000, EXACTLY);
		assertThat(load.memory().direct()).isEqualTo(50_000 * 2 * 2_000, EXACTLY);
		assertThat(load.memory().all()).isEqualTo(1e9 + 50_000 * 2 * 10_000, EXACTLY);
		// 128 + 72 bytes to each of 50,000, and 500 publications of 200 bytes to the
		// engine.
		assertThat(load.out()).isEqualTo(8 * (50_000 * 200 + 500 * 200), EXACTLY);
	}

	@Test
	void inABurstAsManyMessagesShareAWriteAsOneConnectionGets() {
		// Each connection gets one message a second: 4 in a burst of 4 within a second.
		Fleets fleet = Fleets.of(100_000, new Group(1_000, 100, 1));
		NodeLoad load = NodeLoad.of(fleet.burst(4).get(), round(), 2);
		assertThat(load.burstMessagesPerWrite()).isEqualTo(4);
		double delivery = (10 - 2) / 4.0 + 2;
		assertThat(load.burstCores()).isEqualTo(4 * (500 * 10e-6 + 1_000 * 10e-6 + 50_000 * delivery * 1e-6),
				within(1e-6));
		assertThat(NodeLoad.of(fleet.burst(400).get(), round(), 2).burstMessagesPerWrite()).isEqualTo(8);
	}

	@Test
	void withOneNodeLostTheOthersAreEnough() {
		// 1,000,000 deliveries/s x 10 µs = 10 cores; 4 of each node's 8 may be used: 2.5,
		// so 3 and one more.
		Plan plan = new Calculator(Fleets.of(100_000, new Group(1_000, 1_000, 1)).get(), round()).plan();
		assertThat(plan.nodes()).isEqualTo(4);
		assertThat(plan.decidedBy()).contains("cores at the mean rate");
		assertThat(plan.oneLost().cores()).isLessThanOrEqualTo(4);
		// 16 GB may be used, 1 of them by the process: 750,000 connections of 20,000
		// bytes each. So 4 for 3,000,000.
		Fleet many = Fleets.of(3_000_000, new Group(1, 1, 1)).node(new NodeSize(8, 32e9, 10e9, 1_000_000, 0.5)).get();
		assertThat(new Calculator(many, round()).plan().nodes()).isEqualTo(5);
		assertThat(new Calculator(many, round()).plan().decidedBy()).contains("memory");
	}

	@Test
	void filesAreCountedWithOneNodeLost() {
		Plan plan = new Calculator(Fleets.of(100_000, new Group(1_000, 1, 1)).get(), round()).plan();
		assertThat(plan.nodes()).isEqualTo(2);
		assertThat(NodeReport.openFiles(plan)).isEqualTo(101_000);
	}

	@Test
	void aServerOfTheEngineIsUsedAsFarAsItMayBe() {
		// 100,000 events/s to one: 10 + 10 µs, and 1 µs for the one node: 2.1 cores. A
		// tenth of the topics is compared each second: 10,000 x 10 µs are 0.1 cores. Half
		// of each server may be used.
		Fleet fleet = Fleets.of(100_000, new Group(100_000, 1, 1)).engine(EngineKind.REDIS_SHARDS).get();
		EngineLoad load = EngineLoad.of(fleet, round(), 2);
		assertThat(load.messageCores()).isEqualTo(2.1, EXACTLY);
		assertThat(load.compareCores()).isEqualTo(0.1, EXACTLY);
		assertThat(load.stores()).isEqualTo(5);
		assertThat(load.isEnough(fleet)).isTrue();
		assertThat(load.isEnough(fleet.with(EngineKind.REDIS))).isFalse();
	}

	@Test
	void quietTopicsCostTheEngineTheirComparisons() {
		// A message an hour, but 1,000,000 topics with subscribers on one node each:
		// 100,000 comparisons/s x 10 µs.
		Fleet quiet = Fleets.of(1_000_000, new Group(1_000_000, 1, 1 / 3_600.0)).get();
		EngineLoad load = EngineLoad.of(quiet, round(), 5);
		assertThat(load.compareCores()).isEqualTo(1, EXACTLY);
		assertThat(load.messageCores()).isLessThan(0.01);
		assertThat(load.stores()).isEqualTo(3);
		assertThat(load.isEnough(quiet)).isFalse();
	}

	@Test
	void theNetworkOfTheEngineCountsAsItsCoresDo() {
		// 10,000 events/s of 10,072 bytes to 10 nodes: 8.1 Gbit/s, of which a server may
		// have 0.5.
		Fleet large = Fleets.of(100_000, new Group(1, 100_000, 10_000))
			.payload(10_000)
			.engine(EngineKind.REDIS_SHARDS)
			.node(new NodeSize(8, 32e9, 1e9, 250_000, 0.5))
			.get();
		EngineLoad load = EngineLoad.of(large, round(), 10);
		assertThat(load.out()).isEqualTo(8 * 10_000 * 10 * 10_072.0, EXACTLY);
		assertThat(load.messageCores()).isEqualTo(0.3, EXACTLY);
		assertThat(load.stores()).isEqualTo(17);
	}

	@Test
	void clientsComeBackAsFastAsSpareCoresTakeThem() {
		Fleet fleet = Fleets.of(100_000, new Group(1_000, 100, 1)).get();
		double cores = NodeLoad.of(fleet, round(), 1).cores();
		Storm lost = Storm.ofALostNode(fleet, round(), 2);
		assertThat(lost.clients()).isEqualTo(50_000);
		assertThat(lost.nodesRate()).isEqualTo((8 - cores) * 1_000, EXACTLY);
		assertThat(lost.seconds()).isEqualTo(50_000 / lost.nodesRate(), EXACTLY);
		assertThat(lost.presentSeconds()).isEqualTo(lost.seconds());
		Storm deploy = Storm.ofADeploy(fleet, round(), 2);
		assertThat(deploy.clients()).isEqualTo(100_000);
		assertThat(deploy.perNode()).isEqualTo((8 - NodeLoad.of(fleet, round(), 2).cores() / 2) * 100, EXACTLY);
	}

	@Test
	void presenceIsBackWhenTheEngineHasTakenAll() {
		// 100 nodes take 8,000 clients/s each; one Redis, which has nothing else to do,
		// 100,000.
		Fleet many = Fleets.of(10_000_000, new Group(1, 1, 1)).get();
		Storm storm = Storm.ofALostNode(many, round(), 101);
		assertThat(storm.nodesRate()).isCloseTo(800_000, within(1.0));
		assertThat(storm.presenceRate()).isCloseTo(100_000, within(10.0));
		assertThat(storm.presentSeconds()).isCloseTo(10_000_000 / 101.0 / 100_000, within(0.01));
	}

	@Test
	void whatEveryNodeHasToReceiveNoNumberOfNodesDivides() {
		// 200,000 messages/s x 4 µs are 0.8 of the one thread that receives.
		Fleet fleet = Fleets.of(10_000_000, new Group(200_000, 50, 1)).engine(EngineKind.REDIS_PARTITIONS).get();
		assertThatIllegalArgumentException().isThrownBy(() -> new Calculator(fleet, round()).plan())
			.withMessageContaining("No number of nodes")
			.withMessageContaining("200,000 messages a second")
			.withMessageContaining("redis-shards");
	}

	@ParameterizedTest
	@EnumSource(value = EngineKind.class, names = { "REDIS", "REDIS_SHARDS", "CLUSTER", "NATS", "RABBIT" })
	void moreNodesNeverHaveMoreToDoEach(EngineKind engine) {
		Fleet fleet = Fleets.of(1_000_000, new Group(1_000, 500, 3), new Group(50_000, 10, 0.5)).engine(engine).get();
		for (int nodes = 2; nodes < 300; nodes++) {
			NodeLoad fewer = NodeLoad.of(fleet, round(), nodes - 1);
			NodeLoad more = NodeLoad.of(fleet, round(), nodes);
			assertThat(more.cores()).isLessThan(fewer.cores());
			assertThat(more.memory().all()).isLessThan(fewer.memory().all());
			assertThat(more.bandwidth()).isLessThan(fewer.bandwidth());
		}
	}

}
