/** Metrics besides loss and accuracy, as JSON by name: of each epoch, and in the summary of each run. NULL where there are none. */
export const metrics = `
ALTER TABLE epoch_metrics ADD COLUMN train_more TEXT CHECK (json_valid(train_more));
ALTER TABLE epoch_metrics ADD COLUMN dev_more TEXT CHECK (json_valid(dev_more));
ALTER TABLE runs ADD COLUMN last_train_more TEXT CHECK (json_valid(last_train_more));
ALTER TABLE runs ADD COLUMN last_dev_more TEXT CHECK (json_valid(last_dev_more));
ALTER TABLE runs ADD COLUMN best_train_more TEXT CHECK (json_valid(best_train_more));
ALTER TABLE runs ADD COLUMN best_dev_more TEXT CHECK (json_valid(best_dev_more));
ALTER TABLE runs ADD COLUMN test_more TEXT CHECK (json_valid(test_more));
`;
