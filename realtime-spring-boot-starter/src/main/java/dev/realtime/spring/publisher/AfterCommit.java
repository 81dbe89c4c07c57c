package dev.realtime.spring.publisher;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The only class here that needs spring-tx. */
final class AfterCommit {

	private AfterCommit() {
	}

	/** Whether a transaction of this thread is open. */
	static boolean isPossible() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive();
	}

	/** Runs the action after the transaction's commit, and never after a rollback. */
	static void run(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				action.run();
			}
		});
	}

}
