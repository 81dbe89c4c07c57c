package dev.realtime.sample.chat.fleet;

import java.lang.management.ManagementFactory;

import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;

/** Tells every page how this node is, each second, and sends messages to be watched. */
@Controller
class FleetController {

	private final Fleet fleet;

	private final RealtimeNode node;

	private final NodeName name;

	private final SimpUserRegistry users;

	FleetController(Fleet fleet, RealtimeNode node, NodeName name, SimpUserRegistry users) {
		this.fleet = fleet;
		this.node = node;
		this.name = name;
		this.users = users;
	}

	/** One that is lost, because Redis is away, is followed by the next. */
	@Scheduled(fixedRate = 1_000, initialDelay = 1_000)
	void report() {
		HubStats stats = this.node.hub().stats();
		long up = ManagementFactory.getRuntimeMXBean().getUptime() / 1_000;
		this.fleet.report(new NodeReport(this.name.toString(), this.name.url(), up, stats.connections(),
				this.users.getUserCount(), stats.subscriptions(), this.node.published(), stats.delivered()));
	}

	@MessageMapping("/fleet/probe")
	void probe(@Header("nativeHeaders.id") String id) {
		this.fleet.probe(id, new Probe(this.name.toString(), System.currentTimeMillis()));
	}

}
