package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceContract;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.presence.RecordedEvents;
import org.junit.jupiter.api.AfterEach;

/** The model keeps to what every presence does; on real threads, in real time. */
class SimulatedPresenceTests extends PresenceContract {

	private final RecordedEvents events = new RecordedEvents();

	private final List<Presence> started = new ArrayList<>();

	private final List<? extends Presence> fleet = start(SHORT);

	@AfterEach
	void close() {
		this.started.forEach(Presence::close);
	}

	@Override
	protected List<? extends Presence> start(PresenceOptions options) {
		Loops loops = new Loops();
		PresenceServer server = new PresenceServer(loops, options, this.events);
		List<Presence> nodes = List.of(new SimulatedPresence("n1", server, Network.DIRECT, loops),
				new SimulatedPresence("n2", server, Network.DIRECT, loops));
		nodes.forEach((each) -> each.start(this.events));
		this.started.addAll(nodes);
		return nodes;
	}

	@Override
	protected PublishedEvents events() {
		return this.events;
	}

	@Override
	protected Presence first() {
		return this.fleet.get(0);
	}

	@Override
	protected Presence second() {
		return this.fleet.get(1);
	}

}
