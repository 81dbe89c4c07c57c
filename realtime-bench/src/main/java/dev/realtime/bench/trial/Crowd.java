package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.realtime.bench.load.Dialer;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * All clients of this process. Confined to the event loop, but for what says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Crowd {

	private final TrialOptions options;

	private final EventLoop loop;

	private final Dialer dialer;

	private final Door door = new Door();

	private final List<Topic> topics = new ArrayList<>();

	private final List<Subscriber> subscribers = new ArrayList<>();

	/** Those that left in this phase. */
	private final List<Subscriber> departed = new ArrayList<>();

	private final List<Sender> senders = new ArrayList<>();

	private Meter meter = new Meter();

	private int nextId;

	private int nextSender;

	private boolean prepared;

	private boolean over;

	/** Why the run cannot begin. Read by any thread. */
	private volatile @Nullable String refusal;

	Crowd(TrialOptions options, EventLoop loop) {
		this.options = options;
		this.loop = loop;
		this.dialer = new Dialer(loop, options.target(), 0);
		this.nextId = options.first();
		for (int i = 0; i < options.topics(); i++) {
			this.topics.add(new Topic(i));
		}
	}

	/** Connects the publishers, who have the numbers after the first subscribers'. */
	void dialSenders() {
		int first = this.options.first() + this.options.connections();
		for (int i = 0; i < this.options.publishers(); i++) {
			Sender sender = new Sender(this, first + i);
			this.senders.add(sender);
			sender.dial();
		}
	}

	/** Connects the subscribers at the pace of the ramp. */
	void dialSubscribers() {
		this.door.pace(this.options.ramp());
		for (int i = 0; i < this.options.connections(); i++) {
			enter(this.topics.get(i % this.topics.size()));
		}
		this.nextId += this.options.publishers();
	}

	private void enter(Topic topic) {
		Subscriber subscriber = new Subscriber(this, this.nextId++, topic);
		this.subscribers.add(subscriber);
		this.door.enter(subscriber);
	}

	/** From here on a lost connection is no reason to end. */
	void prepared() {
		this.prepared = true;
		this.door.pace(0);
	}

	/** Ends all connections. */
	void end() {
		this.over = true;
		this.subscribers.forEach(Subscriber::leave);
	}

	void cutAll() {
		this.subscribers.forEach(Subscriber::cut);
	}

	/** So many leave, and as many come, to the same topics. */
	void exchange(int count) {
		for (int i = 0; i < count; i++) {
			int at = ThreadLocalRandom.current().nextInt(this.subscribers.size());
			Subscriber leaving = this.subscribers.get(at);
			Subscriber last = this.subscribers.remove(this.subscribers.size() - 1);
			if (last != leaving) {
				this.subscribers.set(at, last);
			}
			leaving.leave();
			this.departed.add(leaving);
			enter(leaving.topic);
		}
	}

	/** A publisher that may send now; null if there is none. */
	@Nullable Sender freeSender() {
		for (int i = 0; i < this.senders.size(); i++) {
			Sender next = this.senders.get(this.nextSender++ % this.senders.size());
			if (next.isFree()) {
				return next;
			}
		}
		return null;
	}

	boolean hasSenders() {
		return this.senders.stream().allMatch(Sender::isLive);
	}

	boolean hasLive() {
		return this.subscribers.stream().anyMatch(Subscriber::isLive);
	}

	int live() {
		return (int) this.subscribers.stream().filter(Subscriber::isLive).count();
	}

	int back() {
		return (int) this.subscribers.stream().filter(Subscriber::isBack).count();
	}

	int size() {
		return this.subscribers.size();
	}

	/** Whether everything published has reached everyone, as far as can be known. */
	boolean isSettled() {
		if (!this.senders.stream().allMatch(Sender::isDone)) {
			return false;
		}
		Map<Topic, Integer> earliest = new HashMap<>();
		for (Subscriber each : this.subscribers) {
			if (!each.isLive() || (verifies() && !each.isCurrent())) {
				return false;
			}
			earliest.merge(each.topic, each.joined(), Math::min);
		}
		return !verifies()
				|| earliest.entrySet().stream().allMatch((topic) -> topic.getKey().isKnownAfter(topic.getValue()));
	}

	/** Counts what is missing, then forgets what was published. */
	void checkAndBeginPhase() {
		if (verifies()) {
			Map<Topic, long[]> sorted = new HashMap<>();
			this.topics.forEach((topic) -> sorted.put(topic, topic.sorted()));
			this.subscribers.forEach((each) -> each.check(this.meter, sorted.getOrDefault(each.topic, new long[0])));
			this.departed.forEach((each) -> each.check(this.meter, sorted.getOrDefault(each.topic, new long[0])));
		}
		this.departed.clear();
		this.topics.forEach(Topic::beginPhase);
		this.subscribers.forEach(Subscriber::beginPhase);
	}

	/** What was measured; measures anew. */
	Meter takeMeter() {
		Meter taken = this.meter;
		this.meter = new Meter();
		return taken;
	}

	Meter meter() {
		return this.meter;
	}

	/** A publication was refused, which is a reason not to begin. */
	void refused(String what) {
		if (!refuses("a publisher", what)) {
			this.meter.violation("refused", 1, what);
		}
	}

	/** Whether the run ends because of that; it does before it has begun. */
	boolean refuses(String who, String why) {
		if (this.prepared) {
			return false;
		}
		if (this.refusal == null) {
			int live = live();
			this.refusal = who + ": " + why + ((live > 0)
					? " (" + live + " of " + this.options.connections() + " clients were connected)" : "");
		}
		return true;
	}

	/** Called by any thread. */
	@Nullable String refusal() {
		return this.refusal;
	}

	boolean isOver() {
		return this.over;
	}

	boolean verifies() {
		return this.options.verify();
	}

	Topic topic(int number) {
		return this.topics.get(number);
	}

	List<Topic> topics() {
		return this.topics;
	}

	Frames frames() {
		return this.options.frames();
	}

	Dialer dialer() {
		return this.dialer;
	}

	Door door() {
		return this.door;
	}

	EventLoop loop() {
		return this.loop;
	}

	void after(long millis, Runnable task) {
		if (!this.loop.isShuttingDown()) {
			this.loop.schedule(task, millis, TimeUnit.MILLISECONDS);
		}
	}

}
