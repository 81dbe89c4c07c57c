package dev.realtime.spring.publisher;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Publishes after a transaction. Needs spring-tx. */
final class AfterCommit {

	private AfterCommit() {
	}

	/** Whether a transaction of this thread is open. */
	static boolean isPossible() {
		return CurrentTransaction.isOpen();
	}

	/**
	 * Runs the action after the transaction's commit, and never after a rollback, also
	 * one to a savepoint. In a transaction that is already committing, whose manager is
	 * not known to {@link CurrentTransaction}, it runs at the transaction's completion.
	 */
	static void run(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new SavepointAware() {

			private boolean ran;

			@Override
			public void afterCommit() {
				this.ran = true;
				if (!isUndone()) {
					action.run();
				}
			}

			@Override
			public void afterCompletion(int status) {
				if (status == STATUS_COMMITTED && !this.ran) {
					afterCommit();
				}
			}

		});
	}

}
