package dev.realtime.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Waiting;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Carries a plan out: things happen for some seconds, then faults stop, the fleet
 * settles, and everybody must have everything.
 */
final class Simulation {

	/** How long the fleet may take: the interval of comparisons, and what follows. */
	private static final Duration SETTLES_WITHIN = SimulatedNode.OPTIONS.checkInterval().multipliedBy(2);

	/** Where nothing was lost without a word, so that no comparison is needed. */
	private static final Duration SETTLES_SOON = SimulatedNode.OPTIONS.checkInterval().dividedBy(2);

	/**
	 * A queue takes a range of dropped messages for each subscription beyond its bound.
	 */
	private static final int MOST_FRAMES = SimulatedNode.OPTIONS.queueMessages()
			+ SimulatedNode.OPTIONS.maxSubscriptions();

	private static final int MOST_BYTES = SimulatedNode.OPTIONS.queueBytes();

	private final Plan plan;

	private final Fleet fleet;

	private final Attendance attendance;

	private final Loop loop;

	/** Whether one client reads nothing while the fleet settles. */
	private final boolean stuck;

	private Simulation(Plan plan, boolean stuck) {
		this.plan = plan;
		this.stuck = stuck;
		this.fleet = new Fleet(plan);
		this.attendance = new Attendance(this.fleet, stuck ? Set.of("c0") : Set.of());
		this.loop = new Loops(this.fleet.environment, Loops.STALLED_AFTER).loop("plan");
	}

	/**
	 * What a run came to.
	 *
	 * @param violations of the rules, in their order; empty if all is well
	 * @param trace what happened
	 * @param delivered how many messages clients got
	 * @param gaps how many gaps clients were told
	 */
	record Result(Plan plan, List<String> violations, List<String> trace, int delivered, int gaps) {

		boolean isFailed() {
			return !this.violations.isEmpty();
		}

	}

	static Result run(Plan plan) {
		return new Simulation(plan, plan.isStuckAtTheEnd()).run();
	}

	private Result run() {
		Ledger ledger = this.fleet.ledger;
		try {
			this.plan.operations()
				.forEach((each) -> this.loop.after(Duration.ofMillis(each.atMillis()), () -> carryOut(each)));
			this.loop.every(Duration.ofMillis(100), this::checkBounds);
			this.fleet.environment.advance(Duration.ofMillis(Plan.MILLIS));
			settle();
		}
		catch (RuntimeException | AssertionError ex) {
			ledger.violated(9, "the run ended with " + ex);
		}
		ledger.checkRefused();
		int delivered = 0;
		int gaps = 0;
		for (SimulatedClient client : this.fleet.clients) {
			for (Track track : client.tracks().values()) {
				delivered += track.received;
				gaps += track.gaps;
			}
		}
		return new Result(this.plan, List.copyOf(ledger.violations()), List.copyOf(ledger.trace()), delivered, gaps);
	}

	private void settle() {
		Ledger ledger = this.fleet.ledger;
		ledger.note("faults stop");
		this.fleet.store.setAway(false);
		this.loop.execute(() -> {
			for (int i = 0; i < this.fleet.nodes.size(); i++) {
				this.fleet.start(i);
			}
			this.fleet.openNodes().forEach(Simulation::heal);
			this.fleet.clients.forEach(SimulatedClient::readAgain);
			if (this.stuck) {
				this.fleet.clients.get(0).stopReading();
			}
			if (!this.plan.endsQuietly()) {
				this.fleet.topics.forEach((topic) -> publish(this.fleet.anyOpenNode(), topic));
			}
		});
		this.fleet.environment.advance(Duration.ofSeconds(1));
		try {
			this.fleet.environment.advanceUntil(this::isSettled,
					this.plan.losesSilently() ? SETTLES_WITHIN : SETTLES_SOON);
			this.fleet.environment.advance(Duration.ofSeconds(1));
		}
		catch (AssertionError ex) {
			ledger.check(this.fleet.pending() == 0, 2, this.fleet.pending() + " publishers still wait");
		}
		for (SimulatedClient client : reading()) {
			if (!client.isUpToDate()) {
				ledger.violated(this.stuck && isRightWithoutAStuckClient() ? 5 : 7,
						client + " and the heads are " + this.fleet.topics.stream().map(this.fleet::head).toList());
			}
		}
		this.attendance.check();
		for (SimulatedNode node : this.fleet.openNodes()) {
			ledger.check(node.stalledLoops().isEmpty(), 9, "loops do not go on: " + node.stalledLoops());
		}
	}

	/** Whether only the client that reads nothing keeps others from what they lack. */
	private boolean isRightWithoutAStuckClient() {
		return !new Simulation(this.plan, false).run().isFailed();
	}

	private boolean isSettled() {
		return this.fleet.pending() == 0 && this.attendance.isRight()
				&& reading().stream().allMatch(SimulatedClient::isUpToDate);
	}

	/**
	 * All clients but the one that may be stuck: rule 5 says that they have no part in
	 * it.
	 */
	private List<SimulatedClient> reading() {
		return this.fleet.clients.subList(this.stuck ? 1 : 0, this.fleet.clients.size());
	}

	private void checkBounds() {
		for (SimulatedNode node : this.fleet.openNodes()) {
			for (Connection each : node.node.hub().connections()) {
				Waiting waiting = each.waiting();
				this.fleet.ledger.check(waiting.frames() <= MOST_FRAMES && waiting.bytes() <= MOST_BYTES, 8,
						each.id() + " on " + node.name + " has " + waiting);
			}
		}
	}

	private static void heal(SimulatedNode node) {
		node.process.proceed();
		node.store.heal();
		node.line.heal();
		node.presence.heal();
		node.stopFailing();
	}

	/**
	 * What lasts beyond the faults would still change who is there when that is checked.
	 */
	private static Duration untilTheEnd(Operation operation) {
		return Duration.ofMillis(Math.min(operation.millis(), Plan.MILLIS - operation.atMillis()));
	}

	private void carryOut(Operation operation) {
		int index = operation.a() % this.fleet.nodes.size();
		SimulatedNode node = this.fleet.nodes.get(index);
		SimulatedClient client = this.fleet.clients.get(operation.a() % this.fleet.clients.size());
		Topic topic = this.fleet.topics.get(operation.b() % this.fleet.topics.size());
		this.fleet.ledger.note(operation.toString());
		Duration time = Duration.ofMillis(operation.millis());
		switch (operation.kind()) {
			case PUBLISH -> publish(node, topic);
			case BURST -> {
				for (int i = 0; i <= operation.millis() % 40; i++) {
					publish(node, topic);
				}
			}
			case SUBSCRIBE -> client.subscribe(topic);
			case UNSUBSCRIBE -> client.unsubscribe(topic);
			case TWICE -> client.subscribeTwice(topic, untilTheEnd(operation));
			case DISCONNECT -> client.disconnect("on purpose");
			case STOP_READING -> {
				client.stopReading();
				this.loop.after(time.multipliedBy(2), client::readAgain);
			}
			case STORE_AWAY -> {
				this.fleet.store.setAway(true);
				this.fleet.openNodes().forEach((each) -> each.store.cut());
				this.loop.after(time, () -> {
					this.fleet.store.setAway(false);
					this.fleet.openNodes().forEach((each) -> each.store.heal());
				});
			}
			case FAIL_OVER -> this.fleet.store.failOver();
			case FAIL_WRITE -> client.failNextWrite(failure(operation));
			default -> onNode(operation, node, index, time);
		}
	}

	private void onNode(Operation operation, @Nullable SimulatedNode node, int index, Duration time) {
		if (node == null) {
			return;
		}
		switch (operation.kind()) {
			case RELAY_CUT -> until(time, node, node.line::cut, node.line::heal);
			case RELAY_MUTE -> until(time, node, node.line::mute, node.line::heal);
			case RELAY_LOSSY -> until(time.multipliedBy(3), node, () -> node.line.lossy(30), node.line::heal);
			case RELAY_DROP -> node.line.drop();
			case STORE_CUT -> until(time, node, node.store::cut, node.store::heal);
			case STORE_DEAF -> until(time, node, node.store::loseAnswers, node.store::heal);
			case PRESENCE_CUT -> until(time.multipliedBy(2), node, node.presence::cut, node.presence::heal);
			case STALL -> until(time, node, node.process::stall, node.process::proceed);
			case CLOCK_JUMP -> node.process.shiftClock(Duration.ofSeconds(operation.b() - 500L));
			case FAIL_ENCODING -> {
				this.fleet.failsOnPurpose(true);
				node.failNextFrame(failure(operation));
			}
			case FAIL_POLICY -> node.failNextPolicy(failure(operation));
			case CRASH -> {
				node.crash();
				this.fleet.down(index);
				this.loop.after(time, () -> this.fleet.start(index));
			}
			case SHUTDOWN -> {
				node.process.proceed();
				node.node.close();
				this.fleet.down(index);
				this.loop.after(time, () -> this.fleet.start(index));
			}
			default -> throw new IllegalArgumentException(operation.toString());
		}
	}

	private void until(Duration time, SimulatedNode node, Runnable begin, Runnable end) {
		begin.run();
		this.loop.after(time, () -> {
			if (!node.process.isDead()) {
				end.run();
			}
		});
	}

	private void publish(@Nullable SimulatedNode node, Topic topic) {
		if (node != null) {
			this.fleet.publish(node, topic);
		}
	}

	private static Throwable failure(Operation operation) {
		return Set.of(0, 1).contains(operation.b() % 3) ? new IllegalStateException("on purpose")
				: new StackOverflowError("on purpose");
	}

}
