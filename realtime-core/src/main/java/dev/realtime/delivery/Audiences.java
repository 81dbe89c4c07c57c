package dev.realtime.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * One topic's audiences, one for each shard on which it ever had a subscriber. Guarded by
 * the feed's lock, which callers hold; because steps are handed over under it, every
 * shard sees the same order.
 */
final class Audiences {

	private final Delivery delivery;

	private final List<Audience> all = new ArrayList<>(1);

	Audiences(Delivery delivery) {
		this.delivery = delivery;
	}

	int subscribers() {
		int sum = 0;
		for (Audience audience : this.all) {
			sum += audience.joined;
		}
		return sum;
	}

	void join(Step.Join join) {
		Audience audience = on(join.receiver().writer.shard);
		join.receiver().joined = true;
		audience.joined++;
		audience.shard.execute(() -> audience.take(join));
	}

	void leave(Receiver receiver) {
		if (receiver.joined) {
			receiver.joined = false;
			on(receiver.writer.shard).joined--;
		}
	}

	/**
	 * One task for each shard that has subscribers.
	 * @return how many
	 */
	int handOver(Step step) {
		int shards = 0;
		for (int i = 0; i < this.all.size(); i++) {
			Audience audience = this.all.get(i);
			if (audience.joined > 0) {
				try {
					audience.shard.execute(() -> audience.take(step));
					shards++;
				}
				catch (Throwable ex) {
					// The others get it; this one finds the hole with the next message.
					audience.shard.failed(ex);
				}
			}
		}
		return shards;
	}

	private Audience on(DeliveryShard shard) {
		for (Audience audience : this.all) {
			if (audience.shard == shard) {
				return audience;
			}
		}
		Audience made = new Audience(this.delivery, shard);
		this.all.add(made);
		return made;
	}

}
