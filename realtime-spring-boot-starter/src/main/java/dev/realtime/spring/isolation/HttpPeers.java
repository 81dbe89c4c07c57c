package dev.realtime.spring.isolation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.isolation.PeerView;
import dev.realtime.isolation.Peers;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;

/**
 * Asks the other nodes over HTTP, each address of each name, all at once. An answer says
 * how the node is at this moment. A node is known by its name, so one that has several
 * addresses counts once, and this one does not count. An address without an answer counts
 * as a node that does not reach the relay.
 */
final class HttpPeers implements Peers {

	/** Most addresses that are asked; of a larger fleet so many stand for all. */
	static final int MOST = 32;

	private static final int THREADS = 8;

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/** After this time all that is still under way is ended. */
	private static final Duration ROUND = Duration.ofSeconds(3);

	private final String node;

	private final List<URI> uris;

	private final Loop threads;

	private String problem = "";

	/**
	 * Does not ask before {@link #look()}.
	 * @param node the name of this node
	 * @param loops makes the threads
	 */
	HttpPeers(String node, List<URI> uris, Loops loops) {
		this.node = node;
		this.uris = uris;
		this.threads = loops.loop("realtime-peers", THREADS);
	}

	@Override
	public PeerView look() throws InterruptedException {
		List<PeerAddress> addresses = new ArrayList<>(addresses());
		Collections.shuffle(addresses);
		Round round = new Round(addresses.subList(0, Math.min(MOST, addresses.size())));
		return round.ask();
	}

	@Override
	public String problem() {
		return this.problem;
	}

	@Override
	public void close() {
		this.threads.close();
	}

	/** A name that is not known any more has no nodes. */
	private Collection<PeerAddress> addresses() {
		this.problem = this.uris.isEmpty() ? "there are no addresses" : "";
		Set<PeerAddress> addresses = new LinkedHashSet<>();
		for (URI uri : this.uris) {
			try {
				for (InetAddress address : InetAddress.getAllByName(PeerAddress.host(uri))) {
					addresses.add(new PeerAddress(uri, address));
				}
			}
			catch (UnknownHostException ex) {
				this.problem = uri + ": unknown host";
			}
		}
		return addresses;
	}

	/** One question to all. */
	private final class Round {

		private final List<PeerAddress> asked;

		private final Map<PeerAddress, NodeReport> answers = new ConcurrentHashMap<>();

		private final Map<PeerAddress, String> failures = new ConcurrentHashMap<>();

		private final Set<Socket> open = ConcurrentHashMap.newKeySet();

		private final CountDownLatch done;

		private volatile boolean over;

		Round(List<PeerAddress> asked) {
			this.asked = asked;
			this.done = new CountDownLatch(asked.size());
		}

		PeerView ask() throws InterruptedException {
			this.asked.forEach((each) -> HttpPeers.this.threads.execute(() -> ask(each)));
			try {
				boolean unused = this.done.await(ROUND.toMillis(), TimeUnit.MILLISECONDS);
			}
			finally {
				this.over = true;
				this.open.forEach(Round::end);
			}
			return view();
		}

		/** On a thread of its own. */
		private void ask(PeerAddress address) {
			try {
				if (!this.over) {
					this.answers.put(address, NodeReport.parse(address.get(TIMEOUT, this::opened)));
				}
			}
			catch (IOException | IllegalArgumentException ex) {
				this.failures.put(address, String.valueOf(ex.getMessage()));
			}
			finally {
				this.done.countDown();
			}
		}

		private void opened(Socket socket) {
			this.open.add(socket);
			if (this.over) {
				end(socket);
			}
		}

		private PeerView view() {
			Map<String, Boolean> nodes = new HashMap<>();
			Map<PeerAddress, NodeReport> answered = Map.copyOf(this.answers);
			answered.values().forEach((report) -> nodes.merge(report.node(), report.reaching(), Boolean::logicalAnd));
			boolean self = nodes.remove(HttpPeers.this.node) != null;
			int silent = this.asked.size() - answered.size();
			if (silent > 0 && nodes.isEmpty()) {
				HttpPeers.this.problem = this.failures.entrySet()
					.stream()
					.findFirst()
					.map((failure) -> failure.getKey().uri() + ": " + failure.getValue())
					.orElse("no answer in " + ROUND.toSeconds() + " s");
			}
			else if (self && nodes.isEmpty()) {
				HttpPeers.this.problem = "only this node answered";
			}
			return new PeerView((int) nodes.values().stream().filter((reaching) -> reaching).count(),
					nodes.size() + silent);
		}

		private static void end(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// it is of no use any more
			}
		}

	}

}
