BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE consolidations (
	id INTEGER NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	duty VARCHAR(64) NOT NULL, 
	period VARCHAR(16) NOT NULL, 
	as_of DATETIME NOT NULL, 
	inputs VARCHAR(64) NOT NULL, 
	accepted INTEGER NOT NULL, 
	owed INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	file_name VARCHAR(255) NOT NULL, recipient VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_consolidations PRIMARY KEY (id), 
	CONSTRAINT uq_consolidations_regime_duty_period_inputs UNIQUE (regime, duty, period, inputs)
);
INSERT INTO "consolidations" VALUES(1,'quang-nam','bao-cao-quy','2016-Q3','2016-09-15 00:00:00.000000','d3c5c3805760ba873d116a4e2a88488351e9853d63444991cab86612d975cd31',1,3,'60f2b51ab6d6794e0e4996e028739df7790f5919a82abc758b1b566b712b7a63','quang-nam_bao-cao-quy_2016-Q3_20160915-0700_1-3_60f2b5.xlsx','so-noi-vu');
INSERT INTO "consolidations" VALUES(2,'quang-nam','bao-cao-quy','2016-Q3','2016-09-19 00:00:00.000000','e4c1ee8288b084398bbb330a178cb96dcd8fb6af2ec1dc3400ad7b11d8eabd12',1,3,'eb4fb5231dad04a92402708c035ffab045a0a8ed8215b73a10af924a2ab12ce9','quang-nam_bao-cao-quy_2016-Q3_20160919-0700_1-3_eb4fb5.xlsx','so-noi-vu');
CREATE TABLE contacts (
	id INTEGER NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	agency VARCHAR(64) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (id), 
	CONSTRAINT uq_contacts_regime_agency_role_address UNIQUE (regime, agency, role, address)
);
INSERT INTO "contacts" VALUES(1,'quang-nam','ubnd-tinh','officer','vanthu@ubnd-tinh.quang-nam.example','');
INSERT INTO "contacts" VALUES(2,'quang-nam','so-noi-vu','officer','vanthu@so-noi-vu.quang-nam.example','');
INSERT INTO "contacts" VALUES(3,'quang-nam','so-noi-vu','head','lanhdao@so-noi-vu.quang-nam.example','');
INSERT INTO "contacts" VALUES(4,'quang-nam','so-tu-phap','officer','vanthu@so-tu-phap.quang-nam.example','');
INSERT INTO "contacts" VALUES(5,'quang-nam','so-tu-phap','head','lanhdao@so-tu-phap.quang-nam.example','');
INSERT INTO "contacts" VALUES(6,'quang-nam','so-tai-chinh','officer','vanthu@so-tai-chinh.quang-nam.example','');
INSERT INTO "contacts" VALUES(7,'quang-nam','so-tai-chinh','head','lanhdao@so-tai-chinh.quang-nam.example','');
INSERT INTO "contacts" VALUES(8,'quang-nam','ubnd-tam-ky','officer','vanthu@ubnd-tam-ky.quang-nam.example','');
INSERT INTO "contacts" VALUES(9,'quang-nam','ubnd-tam-ky','head','lanhdao@ubnd-tam-ky.quang-nam.example','');
CREATE TABLE "documents" (
	id INTEGER NOT NULL, 
	obligation_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	file_name VARCHAR(255) NOT NULL, 
	number VARCHAR(64) NOT NULL, 
	signed_on DATE, 
	signer VARCHAR(255) NOT NULL, 
	received_at DATETIME NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT fk_documents_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id), 
	CONSTRAINT uq_documents_obligation_id_kind_sha256 UNIQUE (obligation_id, kind, sha256)
);
CREATE TABLE "events" (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	act VARCHAR(64) NOT NULL, 
	subject VARCHAR(512) NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id)
);
INSERT INTO "events" VALUES(1,'2016-08-23 00:00:00.000000','kybaocao','open','quang-nam/bao-cao-quy/2016-Q3','{"new": 3}');
INSERT INTO "events" VALUES(2,'2016-09-07 02:00:00.000000','vanthu@so-tai-chinh.quang-nam.example','wish','obligation/2','{"until": "2016-09-20", "reason": "M\u1ea5t \u0111i\u1ec7n"}');
INSERT INTO "events" VALUES(3,'2016-09-07 02:30:00.000000','operator','answer-wish','obligation/2','{"wish": 1, "answer": "declined", "reason": "Ch\u01b0a \u0111\u1ee7 l\u00fd do"}');
INSERT INTO "events" VALUES(4,'2016-09-07 02:40:00.000000','operator','extension','quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh','{"until": "2016-09-16", "reason": "B\u00e3o l\u1edbn", "granted_by": "Gi\u00e1m \u0111\u1ed1c S\u1edf N\u1ed9i v\u1ee5"}');
INSERT INTO "events" VALUES(5,'2016-09-08 02:00:00.000000','kybaocao','receive','submission/1','{"verdict": "returned", "sha256": "360fefbde424d3c6c0aea8dd6bf204bc5dde50bdab755360008c0f302069e10c", "version": 1}');
INSERT INTO "events" VALUES(6,'2016-09-08 03:30:00.000000','operator','accepted','submission/1','{"target": "quang-nam/bao-cao-quy/2016-Q3/so-tu-phap", "reason": "\u0110\u00e3 \u0111\u1ed1i chi\u1ebfu"}');
INSERT INTO "events" VALUES(7,'2016-09-08 04:00:00.000000','operator','returned','submission/1','{"target": "quang-nam/bao-cao-quy/2016-Q3/so-tu-phap#1", "reason": "S\u1ed1 l\u1ec7ch"}');
INSERT INTO "events" VALUES(8,'2016-09-08 07:00:00.000000','kybaocao','receive','submission/2','{"verdict": "unreadable", "sha256": "cd98c5bce101ab55699a781edbbbe1200ca6e9379791420c3eb9b9fb73cbb173", "version": 1}');
INSERT INTO "events" VALUES(9,'2016-09-08 08:00:00.000000','operator','asked','submission/2','{"target": "quang-nam/so-tu-phap", "reason": "C\u1ee7a k\u1ef3 n\u00e0o?"}');
INSERT INTO "events" VALUES(10,'2016-09-09 02:00:00.000000','kybaocao','receive','submission/3','{"verdict": "accepted", "sha256": "9f72d5553dd6cf6a9071f4999b8b54687b873db1c1b0fe597bcc332b58c8e63b", "version": 2}');
INSERT INTO "events" VALUES(11,'2016-09-09 03:00:00.000000','operator','remind','obligation/2','{"letters": 1}');
INSERT INTO "events" VALUES(12,'2016-09-15 00:00:00.000000','kybaocao','consolidate','quang-nam/bao-cao-quy/2016-Q3','{"accepted": 1, "owed": 3, "sha256": "60f2b51ab6d6794e0e4996e028739df7790f5919a82abc758b1b566b712b7a63"}');
INSERT INTO "events" VALUES(13,'2016-09-19 00:00:00.000000','kybaocao','consolidate','quang-nam/bao-cao-quy/2016-Q3','{"accepted": 1, "owed": 3, "sha256": "eb4fb5231dad04a92402708c035ffab045a0a8ed8215b73a10af924a2ab12ce9"}');
INSERT INTO "events" VALUES(14,'2016-12-12 00:00:00.000000','kybaocao','open','quang-nam/so-tu-phap/2016','{"new": 1}');
INSERT INTO "events" VALUES(15,'2016-12-13 02:00:00.000000','kybaocao','receive','submission/4','{"verdict": "accepted", "sha256": "b433cedea768eb53214a090d4bc5bfb3f3efe879b56ca8e3895cf54819d68988", "version": 1}');
INSERT INTO "events" VALUES(16,'2016-09-14 02:00:00.000000','vanthu@so-tai-chinh.quang-nam.example','wish','obligation/2','{"until": "2016-09-22", "reason": "M\u1ea5t m\u1ea1ng"}');
CREATE TABLE extension_requests (
	id INTEGER NOT NULL, 
	obligation_id INTEGER NOT NULL, 
	until DATE NOT NULL, 
	reason TEXT NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	at DATETIME NOT NULL, 
	answer VARCHAR(16) DEFAULT '' NOT NULL, 
	answer_reason TEXT DEFAULT '' NOT NULL, 
	answered_by VARCHAR(254) DEFAULT '' NOT NULL, 
	answered_at DATETIME, 
	CONSTRAINT pk_extension_requests PRIMARY KEY (id), 
	CONSTRAINT fk_extension_requests_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id), 
	CONSTRAINT uq_extension_requests_obligation_id_until_reason UNIQUE (obligation_id, until, reason)
);
INSERT INTO "extension_requests" VALUES(1,2,'2016-09-20','Mất điện','vanthu@so-tai-chinh.quang-nam.example','2016-09-07 02:00:00.000000','declined','Chưa đủ lý do','operator','2016-09-07 02:30:00.000000');
INSERT INTO "extension_requests" VALUES(2,2,'2016-09-22','Mất mạng','vanthu@so-tai-chinh.quang-nam.example','2016-09-14 02:00:00.000000','','','',NULL);
CREATE TABLE findings (
	submission_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	sheet TEXT NOT NULL, 
	cell VARCHAR(16) NOT NULL, 
	value TEXT NOT NULL, 
	expected TEXT NOT NULL, 
	action TEXT NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (submission_id, number), 
	CONSTRAINT fk_findings_submission_id FOREIGN KEY(submission_id) REFERENCES submissions (id)
);
INSERT INTO "findings" VALUES(1,1,'sum-mismatch','blocking','1. Hồ sơ','E12','563; cộng các phần được 568','HS-01 “Hồ sơ đã giải quyết” bằng tổng của HS-02 và HS-03','Kiểm tra lại HS-01, HS-02 và HS-03, sửa cho khớp nhau.');
INSERT INTO "findings" VALUES(2,1,'unreadable','blocking','','','','tệp biểu mẫu đã phát cho đơn vị','Đây là tệp PDF, không phải bảng tính; hãy điền vào tệp biểu mẫu Excel đã nhận và gửi lại chính tệp đó.');
CREATE TABLE letters (
	id INTEGER NOT NULL, 
	"key" VARCHAR(512) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	duty VARCHAR(64), 
	period VARCHAR(16), 
	agency VARCHAR(64), 
	submission_id INTEGER, 
	consolidation_id INTEGER, 
	attachment_name VARCHAR(255), 
	attachment_sha256 VARCHAR(64), 
	message_id VARCHAR(255) NOT NULL, 
	parcel VARCHAR(255), 
	status VARCHAR(16) NOT NULL, 
	queued_at DATETIME NOT NULL, 
	not_before DATETIME NOT NULL, 
	claimed_until DATETIME, 
	attempts INTEGER NOT NULL, 
	sent_at DATETIME, 
	error TEXT, 
	CONSTRAINT pk_letters PRIMARY KEY (id), 
	CONSTRAINT fk_letters_consolidation_id FOREIGN KEY(consolidation_id) REFERENCES consolidations (id), 
	CONSTRAINT fk_letters_submission_id FOREIGN KEY(submission_id) REFERENCES submissions (id), 
	CONSTRAINT uq_letters_key UNIQUE ("key")
);
INSERT INTO "letters" VALUES(1,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/opening/2016-08-23/vanthu@so-tu-phap.quang-nam.example','opening','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',NULL,NULL,'bao-cao-quy_2016-Q3_so-tu-phap.xlsx','1196b20849889b1e653cffbf048ae57e43e245a1a1808663c6dded6cd3ceae3b','<71d6fe536e6589a5e84234eeb4049ce551a60a90@kybaocao.example>','<71d6fe536e6589a5e84234eeb4049ce551a60a90@kybaocao.example>','sent','2016-08-23 00:00:00.000000','2016-08-23 00:00:00.000000',NULL,1,'2016-08-23 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(2,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/opening/2016-08-23/vanthu@so-tai-chinh.quang-nam.example','opening','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,'bao-cao-quy_2016-Q3_so-tai-chinh.xlsx','85f84c15a54ca9e3947ae0dab55c4c77327d5f51e73727ad4f6c6d26a3651af4','<77f027488aca5433fed9dfd5b90e5a236089a5a2@kybaocao.example>','<77f027488aca5433fed9dfd5b90e5a236089a5a2@kybaocao.example>','sent','2016-08-23 00:00:00.000000','2016-08-23 00:00:00.000000',NULL,1,'2016-08-23 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(3,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/opening/2016-08-23/vanthu@ubnd-tam-ky.quang-nam.example','opening','vanthu@ubnd-tam-ky.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,'bao-cao-quy_2016-Q3_ubnd-tam-ky.xlsx','be023857444909d15f9d7692f68459234699a60c8e1e6f2e331b1a5af4dd9c5a','<11374f922b6c43af63d006b4f408bec88daf63e7@kybaocao.example>','<11374f922b6c43af63d006b4f408bec88daf63e7@kybaocao.example>','sent','2016-08-23 00:00:00.000000','2016-08-23 00:00:00.000000',NULL,1,'2016-08-23 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(4,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/reminder/2016-09-07/vanthu@so-tu-phap.quang-nam.example','reminder','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',NULL,NULL,'bao-cao-quy_2016-Q3_so-tu-phap.xlsx','1196b20849889b1e653cffbf048ae57e43e245a1a1808663c6dded6cd3ceae3b','<a5794b1571051b8e66edf149d1afcb4ac28263b0@kybaocao.example>','<a5794b1571051b8e66edf149d1afcb4ac28263b0@kybaocao.example>','sent','2016-09-07 00:00:00.000000','2016-09-07 00:00:00.000000',NULL,1,'2016-09-07 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(5,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/reminder/2016-09-07/vanthu@so-tai-chinh.quang-nam.example','reminder','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,'bao-cao-quy_2016-Q3_so-tai-chinh.xlsx','85f84c15a54ca9e3947ae0dab55c4c77327d5f51e73727ad4f6c6d26a3651af4','<f6f7e1cd89d40092ad66a4d43fba0a540652244f@kybaocao.example>','<f6f7e1cd89d40092ad66a4d43fba0a540652244f@kybaocao.example>','sent','2016-09-07 00:00:00.000000','2016-09-07 00:00:00.000000',NULL,1,'2016-09-07 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(6,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/reminder/2016-09-07/vanthu@ubnd-tam-ky.quang-nam.example','reminder','vanthu@ubnd-tam-ky.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,'bao-cao-quy_2016-Q3_ubnd-tam-ky.xlsx','be023857444909d15f9d7692f68459234699a60c8e1e6f2e331b1a5af4dd9c5a','<71d9a7938f3638661f7ef0550802876b7247bbcd@kybaocao.example>','<71d9a7938f3638661f7ef0550802876b7247bbcd@kybaocao.example>','sent','2016-09-07 00:00:00.000000','2016-09-07 00:00:00.000000',NULL,1,'2016-09-07 00:05:00.000000',NULL);
INSERT INTO "letters" VALUES(7,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/extension-asked/w1/vanthu@so-noi-vu.quang-nam.example','extension-asked','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<66abd601f58aacbe7108f6b6aa093b66e7ed21fc@kybaocao.example>','<66abd601f58aacbe7108f6b6aa093b66e7ed21fc@kybaocao.example>','sent','2016-09-07 02:00:00.000000','2016-09-07 02:00:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(8,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/declined/w1/vanthu@so-tai-chinh.quang-nam.example','declined','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<635d9aea1b0b9e9135ff2d7d8d98679efd2ba547@kybaocao.example>','<635d9aea1b0b9e9135ff2d7d8d98679efd2ba547@kybaocao.example>','sent','2016-09-07 02:30:00.000000','2016-09-07 02:30:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(9,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/granted/2016-09-07T09:40:00/vanthu@so-tai-chinh.quang-nam.example','granted','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<23336399e3cf23b0fc9d7fbc6aa53972361ee359@kybaocao.example>','<23336399e3cf23b0fc9d7fbc6aa53972361ee359@kybaocao.example>','sent','2016-09-07 02:40:00.000000','2016-09-07 02:40:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(10,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/returned/v1-360fefbd/vanthu@so-tu-phap.quang-nam.example','returned','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',1,NULL,'so-tu-phap_can-sua.xlsx','eff17d22e7075ab6ace969d99ca444db44120af2c48203c4a7dd5d0310cd3104','<b54c2c9dab5f89cbdcf57b038366b48b9637c4d2@kybaocao.example>','<b54c2c9dab5f89cbdcf57b038366b48b9637c4d2@kybaocao.example>','sent','2016-09-08 02:00:00.000000','2016-09-08 02:00:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(11,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/receipt/a1-360fefbd/vanthu@so-tu-phap.quang-nam.example','receipt','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',1,NULL,NULL,NULL,'<80c8aee98b3d9ce4c6a6b8ba2666983bf679a574@kybaocao.example>','<80c8aee98b3d9ce4c6a6b8ba2666983bf679a574@kybaocao.example>','sent','2016-09-08 03:30:00.000000','2016-09-08 03:30:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(12,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/returned/r1-360fefbd#1/vanthu@so-tu-phap.quang-nam.example','returned','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',1,NULL,'so-tu-phap_can-sua.xlsx','d5153cf95a971a88958b5a20c85d4ef5faae91bbbdf9c7d33248eb8e64921198','<9d6879973ce7967724b95999d0342121807404de@kybaocao.example>','<9d6879973ce7967724b95999d0342121807404de@kybaocao.example>','sent','2016-09-08 04:00:00.000000','2016-09-08 04:00:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(13,'quang-nam/chua-ro/chua-ro/chua-ro/unreadable/v1-cd98c5bc/vanthu@so-noi-vu.quang-nam.example','unreadable','vanthu@so-noi-vu.quang-nam.example','quang-nam','chua-ro','chua-ro','chua-ro',2,NULL,NULL,NULL,'<d8ba25262e6583feaffc6c774307be8e919f67c9@kybaocao.example>','<d8ba25262e6583feaffc6c774307be8e919f67c9@kybaocao.example>','sent','2016-09-08 07:00:00.000000','2016-09-08 07:00:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(14,'quang-nam/chua-ro/chua-ro/so-tu-phap/question/s2-20160908T150000/vanthu@so-tu-phap.quang-nam.example','question','vanthu@so-tu-phap.quang-nam.example','quang-nam','chua-ro','chua-ro','so-tu-phap',2,NULL,NULL,NULL,'<02430caa9d995ec0e1131b8680c90c2ccc313653@kybaocao.example>','<02430caa9d995ec0e1131b8680c90c2ccc313653@kybaocao.example>','sent','2016-09-08 08:00:00.000000','2016-09-08 08:00:00.000000',NULL,1,'2016-09-08 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(15,'quang-nam/chua-ro/chua-ro/so-noi-vu/digest/2016-09-09/vanthu@so-noi-vu.quang-nam.example','digest','vanthu@so-noi-vu.quang-nam.example','quang-nam','chua-ro','chua-ro','so-noi-vu',NULL,NULL,NULL,NULL,'<94bc46aa798fc9c2abeaf6000e3dbaf50b1c3cab@kybaocao.example>','<94bc46aa798fc9c2abeaf6000e3dbaf50b1c3cab@kybaocao.example>','sent','2016-09-09 00:00:00.000000','2016-09-09 00:00:00.000000',NULL,1,'2016-09-09 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(16,'quang-nam///so-tu-phap/sign-in/20160909T0800/vanthu@so-tu-phap.quang-nam.example','sign-in','vanthu@so-tu-phap.quang-nam.example','quang-nam','','','so-tu-phap',NULL,NULL,NULL,NULL,'<09cec54f92b8c4eca9cd4c5c24deba7185fbcc16@kybaocao.example>','<09cec54f92b8c4eca9cd4c5c24deba7185fbcc16@kybaocao.example>','sent','2016-09-09 01:00:00.000000','2016-09-09 01:00:00.000000',NULL,1,'2016-09-09 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(17,'quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/receipt/v2-9f72d555/vanthu@so-tu-phap.quang-nam.example','receipt','vanthu@so-tu-phap.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tu-phap',3,NULL,NULL,NULL,'<17bc68672bb06501ffc259662e3409a44b8062c6@kybaocao.example>','<17bc68672bb06501ffc259662e3409a44b8062c6@kybaocao.example>','sent','2016-09-09 02:00:00.000000','2016-09-09 02:00:00.000000',NULL,1,'2016-09-09 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(18,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/reminder/2016-09-09/vanthu@so-tai-chinh.quang-nam.example','reminder','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,'bao-cao-quy_2016-Q3_so-tai-chinh.xlsx','85f84c15a54ca9e3947ae0dab55c4c77327d5f51e73727ad4f6c6d26a3651af4','<df99edad8103e1c748ef59044e95624764d9fe1f@kybaocao.example>','<df99edad8103e1c748ef59044e95624764d9fe1f@kybaocao.example>','sent','2016-09-09 03:00:00.000000','2016-09-09 03:00:00.000000',NULL,1,'2016-09-09 09:00:00.000000',NULL);
INSERT INTO "letters" VALUES(19,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/reminder/2016-09-15/vanthu@so-tai-chinh.quang-nam.example','reminder','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,'bao-cao-quy_2016-Q3_so-tai-chinh.xlsx','85f84c15a54ca9e3947ae0dab55c4c77327d5f51e73727ad4f6c6d26a3651af4','<625f4c419da5a70ec9d28c956d749a26532237c2@kybaocao.example>','<625f4c419da5a70ec9d28c956d749a26532237c2@kybaocao.example>','claimed','2016-09-15 00:00:00.000000','2016-09-15 00:00:00.000000','2016-09-26 00:35:00.000000',1,NULL,NULL);
INSERT INTO "letters" VALUES(20,'quang-nam/bao-cao-quy/2016-Q3/so-noi-vu/delivery/c1/vanthu@so-noi-vu.quang-nam.example','delivery','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-noi-vu',NULL,1,'quang-nam_bao-cao-quy_2016-Q3_20160915-0700_1-3_60f2b5.xlsx','60f2b51ab6d6794e0e4996e028739df7790f5919a82abc758b1b566b712b7a63','<7a6620e7272cd58e3184aa6c11be08cb1cb117f6@kybaocao.example>','<7a6620e7272cd58e3184aa6c11be08cb1cb117f6@kybaocao.example>','failed','2016-09-15 00:00:00.000000','2016-09-15 00:00:00.000000',NULL,1,NULL,'TransientMailError: the mail server is out of reach');
INSERT INTO "letters" VALUES(21,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/overdue/2016-09-16/vanthu@ubnd-tam-ky.quang-nam.example','overdue','vanthu@ubnd-tam-ky.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,'bao-cao-quy_2016-Q3_ubnd-tam-ky.xlsx','be023857444909d15f9d7692f68459234699a60c8e1e6f2e331b1a5af4dd9c5a','<783e7d08f0d5e0cc96682280384e40842ff2ac0e@kybaocao.example>',NULL,'queued','2016-09-19 00:00:00.000000','2016-09-19 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(22,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/escalation/2016-09-19/lanhdao@ubnd-tam-ky.quang-nam.example','escalation','lanhdao@ubnd-tam-ky.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,NULL,NULL,'<c2f1a6699d04dd4f33958758661c341f9315f8dc@kybaocao.example>',NULL,'queued','2016-09-19 00:00:00.000000','2016-09-19 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(23,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/escalation/2016-09-19/vanthu@so-noi-vu.quang-nam.example','escalation','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,NULL,NULL,'<83bbcde3bbfc33f641c28baa9a5a77ac78c493ac@kybaocao.example>',NULL,'queued','2016-09-19 00:00:00.000000','2016-09-19 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(24,'quang-nam/bao-cao-quy/2016-Q3/so-noi-vu/delivery/c2/vanthu@so-noi-vu.quang-nam.example','delivery','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-noi-vu',NULL,2,'quang-nam_bao-cao-quy_2016-Q3_20160919-0700_1-3_eb4fb5.xlsx','eb4fb5231dad04a92402708c035ffab045a0a8ed8215b73a10af924a2ab12ce9','<be59da0d29b365087d0b8f6e2b035e2385179351@kybaocao.example>',NULL,'queued','2016-09-19 00:00:00.000000','2016-09-19 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(25,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/escalation/2016-09-21/lanhdao@so-tai-chinh.quang-nam.example','escalation','lanhdao@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<43d0d43562a0f40b011cb27df1d4d6f0520a57a9@kybaocao.example>',NULL,'queued','2016-09-26 00:00:00.000000','2016-09-26 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(26,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/escalation/2016-09-21/vanthu@so-noi-vu.quang-nam.example','escalation','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<6a407497f100e89bf31629f11cd81f2418374c51@kybaocao.example>',NULL,'queued','2016-09-26 00:00:00.000000','2016-09-26 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(27,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/overdue/2016-09-26/vanthu@so-tai-chinh.quang-nam.example','overdue','vanthu@so-tai-chinh.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,'bao-cao-quy_2016-Q3_so-tai-chinh.xlsx','85f84c15a54ca9e3947ae0dab55c4c77327d5f51e73727ad4f6c6d26a3651af4','<f5c51e0cf737042260745640dec2121356b8a8f5@kybaocao.example>',NULL,'queued','2016-09-26 00:00:00.000000','2016-09-26 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(28,'quang-nam/bao-cao-quy/2016-Q3/ubnd-tam-ky/overdue/2016-09-26/vanthu@ubnd-tam-ky.quang-nam.example','overdue','vanthu@ubnd-tam-ky.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky',NULL,NULL,'bao-cao-quy_2016-Q3_ubnd-tam-ky.xlsx','be023857444909d15f9d7692f68459234699a60c8e1e6f2e331b1a5af4dd9c5a','<c47bd6684c3a7aa6b6de4e1ae1c8c82f7f74e40a@kybaocao.example>',NULL,'queued','2016-09-26 00:00:00.000000','2016-09-26 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(29,'quang-nam/so-tu-phap/2016/so-tu-phap/opening/2016-12-09/vanthu@so-tu-phap.quang-nam.example','opening','vanthu@so-tu-phap.quang-nam.example','quang-nam','so-tu-phap','2016','so-tu-phap',NULL,NULL,'so-tu-phap_2016_so-tu-phap.xlsx','434af268a01ab2832daa74e53d9c5180267c71b5ff1b22e5318bf0ec9f9b18c4','<4267d12604892928c8548132e5d60cc847e64467@kybaocao.example>',NULL,'queued','2016-12-12 00:00:00.000000','2016-12-12 00:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(30,'quang-nam/so-tu-phap/2016/so-tu-phap/receipt/v1-b433cede/vanthu@so-tu-phap.quang-nam.example','receipt','vanthu@so-tu-phap.quang-nam.example','quang-nam','so-tu-phap','2016','so-tu-phap',4,NULL,NULL,NULL,'<31e152151fbbb995ade4dd1ae129a2a57a6171ac@kybaocao.example>',NULL,'queued','2016-12-13 02:00:00.000000','2016-12-13 02:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(31,'quang-nam/so-tu-phap/2016/so-tu-phap/delivery/v1-b433cede/vanthu@ubnd-tinh.quang-nam.example','delivery','vanthu@ubnd-tinh.quang-nam.example','quang-nam','so-tu-phap','2016','so-tu-phap',4,NULL,'so-tu-phap.xlsx','b433cedea768eb53214a090d4bc5bfb3f3efe879b56ca8e3895cf54819d68988','<05c897e3f0de25cf359e755a8de37887cd916490@kybaocao.example>',NULL,'queued','2016-12-13 02:00:00.000000','2016-12-13 02:00:00.000000',NULL,0,NULL,NULL);
INSERT INTO "letters" VALUES(32,'quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh/extension-asked/w2/vanthu@so-noi-vu.quang-nam.example','extension-asked','vanthu@so-noi-vu.quang-nam.example','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh',NULL,NULL,NULL,NULL,'<1b9a4d76bc579567816b34543f1d54bb6c76be20@kybaocao.example>',NULL,'queued','2016-09-14 02:00:00.000000','2016-09-14 02:00:00.000000',NULL,0,NULL,NULL);
CREATE TABLE obligations (
	id INTEGER NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	duty VARCHAR(64) NOT NULL, 
	period VARCHAR(16) NOT NULL, 
	agency VARCHAR(64) NOT NULL, 
	opens DATE NOT NULL, 
	stated DATE NOT NULL, 
	last_day DATE NOT NULL, 
	opened_at DATETIME NOT NULL, 
	CONSTRAINT pk_obligations PRIMARY KEY (id), 
	CONSTRAINT uq_obligations_regime_duty_period_agency UNIQUE (regime, duty, period, agency)
);
INSERT INTO "obligations" VALUES(1,'quang-nam','bao-cao-quy','2016-Q3','so-tu-phap','2016-08-23','2016-09-14','2016-09-14','2016-08-23 00:00:00.000000');
INSERT INTO "obligations" VALUES(2,'quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh','2016-08-23','2016-09-14','2016-09-14','2016-08-23 00:00:00.000000');
INSERT INTO "obligations" VALUES(3,'quang-nam','bao-cao-quy','2016-Q3','ubnd-tam-ky','2016-08-23','2016-09-14','2016-09-14','2016-08-23 00:00:00.000000');
INSERT INTO "obligations" VALUES(4,'quang-nam','so-tu-phap','2016','so-tu-phap','2016-12-09','2016-12-31','2016-12-31','2016-12-12 00:00:00.000000');
CREATE TABLE "requests" (
	id INTEGER NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	duty VARCHAR(64) NOT NULL, 
	year INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	form VARCHAR(64) NOT NULL, 
	agencies JSON NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	opens DATE NOT NULL, 
	last_day DATE NOT NULL, 
	reason TEXT NOT NULL, 
	granted_by TEXT NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_requests PRIMARY KEY (id), 
	CONSTRAINT uq_requests_regime_duty_year_number UNIQUE (regime, duty, year, number)
);
CREATE TABLE "rulings" (
	id INTEGER NOT NULL, 
	submission_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	target VARCHAR(256) NOT NULL, 
	reason TEXT NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_rulings PRIMARY KEY (id), 
	CONSTRAINT fk_rulings_submission_id FOREIGN KEY(submission_id) REFERENCES submissions (id), 
	CONSTRAINT uq_rulings_submission_id_kind_target_reason UNIQUE (submission_id, kind, target, reason)
);
INSERT INTO "rulings" VALUES(1,1,'accepted','quang-nam/bao-cao-quy/2016-Q3/so-tu-phap','Đã đối chiếu','operator','2016-09-08 03:30:00.000000');
INSERT INTO "rulings" VALUES(2,1,'returned','quang-nam/bao-cao-quy/2016-Q3/so-tu-phap#1','Số lệch','operator','2016-09-08 04:00:00.000000');
INSERT INTO "rulings" VALUES(3,2,'asked','quang-nam/so-tu-phap','Của kỳ nào?','operator','2016-09-08 08:00:00.000000');
CREATE TABLE sessions (
	id INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	agency VARCHAR(64) NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT uq_sessions_hash UNIQUE (hash)
);
CREATE TABLE sign_in_links (
	id INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	agency VARCHAR(64) NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	path VARCHAR(255) NOT NULL, 
	once BOOLEAN NOT NULL, 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_sign_in_links PRIMARY KEY (id), 
	CONSTRAINT uq_sign_in_links_hash UNIQUE (hash)
);
CREATE TABLE submissions (
	id INTEGER NOT NULL, 
	obligation_id INTEGER, 
	version INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	file_name VARCHAR(255) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	received_at DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	form VARCHAR(64), 
	form_version INTEGER, 
	figures JSON NOT NULL, reason TEXT DEFAULT '' NOT NULL, sender VARCHAR(254) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_submissions PRIMARY KEY (id), 
	CONSTRAINT fk_submissions_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligations (id), 
	CONSTRAINT uq_submissions_obligation_id_sha256 UNIQUE (obligation_id, sha256), 
	CONSTRAINT uq_submissions_obligation_id_version UNIQUE (obligation_id, version)
);
INSERT INTO "submissions" VALUES(1,1,1,'360fefbde424d3c6c0aea8dd6bf204bc5dde50bdab755360008c0f302069e10c','so-tu-phap.xlsx','folder','2016-09-08 02:00:00.000000','2016-09-08 02:00:00.000000','returned','ngan',1,'[{"sheet": "ho-so", "row": "HS-01", "column": "planned", "value": 2550, "cell": "D12"}, {"sheet": "ho-so", "row": "HS-01", "column": "done", "value": 563, "cell": "E12"}, {"sheet": "ho-so", "row": "HS-01", "column": "cumulative", "value": 1934, "cell": "F12"}, {"sheet": "ho-so", "row": "HS-02", "column": "done", "value": 492, "cell": "E13"}, {"sheet": "ho-so", "row": "HS-02", "column": "cumulative", "value": 1652, "cell": "F13"}, {"sheet": "ho-so", "row": "HS-03", "column": "done", "value": 76, "cell": "E14"}, {"sheet": "ho-so", "row": "HS-03", "column": "cumulative", "value": 282, "cell": "F14"}, {"sheet": "noi-dung", "row": "ND-01", "column": "", "value": "S\u1edf T\u01b0 ph\u00e1p \u0111\u00e3 r\u00e0 so\u00e1t c\u00e1c th\u1ee7 t\u1ee5c thu\u1ed9c th\u1ea9m quy\u1ec1n, c\u1eadp nh\u1eadt th\u1ee7 t\u1ee5c \u0111\u00e3 chu\u1ea9n h\u00f3a l\u00ean c\u01a1 s\u1edf d\u1eef li\u1ec7u v\u00e0 ni\u00eam y\u1ebft c\u00f4ng khai t\u1ea1i n\u01a1i ti\u1ebfp nh\u1eadn h\u1ed3 s\u01a1.", "cell": "C6"}, {"sheet": "noi-dung", "row": "ND-02", "column": "", "value": "\u0110\u1ec1 ngh\u1ecb b\u1ed1 tr\u00ed kinh ph\u00ed n\u00e2ng c\u1ea5p ph\u1ea7n m\u1ec1m m\u1ed9t c\u1eeda trong d\u1ef1 to\u00e1n n\u0103m sau.", "cell": "C7"}, {"sheet": "ho-so", "row": "HS-04", "column": "done", "value": 87.38898756660745, "cell": "E15"}, {"sheet": "ho-so", "row": "HS-04", "column": "cumulative", "value": 85.41882109617373, "cell": "F15"}]','','');
INSERT INTO "submissions" VALUES(2,NULL,1,'cd98c5bce101ab55699a781edbbbe1200ca6e9379791420c3eb9b9fb73cbb173','quet.pdf','folder','2016-09-08 07:00:00.000000','2016-09-08 07:00:00.000000','unreadable',NULL,NULL,'[]','','');
INSERT INTO "submissions" VALUES(3,1,2,'9f72d5553dd6cf6a9071f4999b8b54687b873db1c1b0fe597bcc332b58c8e63b','so-tu-phap.xlsx','folder','2016-09-09 02:00:00.000000','2016-09-09 02:00:00.000000','accepted','ngan',1,'[{"sheet": "ho-so", "row": "HS-01", "column": "planned", "value": 2550, "cell": "D12"}, {"sheet": "ho-so", "row": "HS-01", "column": "done", "value": 563, "cell": "E12"}, {"sheet": "ho-so", "row": "HS-01", "column": "cumulative", "value": 1934, "cell": "F12"}, {"sheet": "ho-so", "row": "HS-02", "column": "done", "value": 487, "cell": "E13"}, {"sheet": "ho-so", "row": "HS-02", "column": "cumulative", "value": 1652, "cell": "F13"}, {"sheet": "ho-so", "row": "HS-03", "column": "done", "value": 76, "cell": "E14"}, {"sheet": "ho-so", "row": "HS-03", "column": "cumulative", "value": 282, "cell": "F14"}, {"sheet": "noi-dung", "row": "ND-01", "column": "", "value": "S\u1edf T\u01b0 ph\u00e1p \u0111\u00e3 r\u00e0 so\u00e1t c\u00e1c th\u1ee7 t\u1ee5c thu\u1ed9c th\u1ea9m quy\u1ec1n, c\u1eadp nh\u1eadt th\u1ee7 t\u1ee5c \u0111\u00e3 chu\u1ea9n h\u00f3a l\u00ean c\u01a1 s\u1edf d\u1eef li\u1ec7u v\u00e0 ni\u00eam y\u1ebft c\u00f4ng khai t\u1ea1i n\u01a1i ti\u1ebfp nh\u1eadn h\u1ed3 s\u01a1.", "cell": "C6"}, {"sheet": "noi-dung", "row": "ND-02", "column": "", "value": "\u0110\u1ec1 ngh\u1ecb b\u1ed1 tr\u00ed kinh ph\u00ed n\u00e2ng c\u1ea5p ph\u1ea7n m\u1ec1m m\u1ed9t c\u1eeda trong d\u1ef1 to\u00e1n n\u0103m sau.", "cell": "C7"}, {"sheet": "ho-so", "row": "HS-04", "column": "done", "value": 86.50088809946715, "cell": "E15"}, {"sheet": "ho-so", "row": "HS-04", "column": "cumulative", "value": 85.41882109617373, "cell": "F15"}]','','');
INSERT INTO "submissions" VALUES(4,4,1,'b433cedea768eb53214a090d4bc5bfb3f3efe879b56ca8e3895cf54819d68988','so-tu-phap.xlsx','folder','2016-12-13 02:00:00.000000','2016-12-13 02:00:00.000000','accepted','ngan',1,'[{"sheet": "ho-so", "row": "HS-01", "column": "planned", "value": 2550, "cell": "D12"}, {"sheet": "ho-so", "row": "HS-01", "column": "done", "value": 580, "cell": "E12"}, {"sheet": "ho-so", "row": "HS-02", "column": "done", "value": 480, "cell": "E13"}, {"sheet": "ho-so", "row": "HS-03", "column": "done", "value": 100, "cell": "E14"}, {"sheet": "noi-dung", "row": "ND-01", "column": "", "value": "S\u1edf T\u01b0 ph\u00e1p \u0111\u00e3 r\u00e0 so\u00e1t c\u00e1c th\u1ee7 t\u1ee5c thu\u1ed9c th\u1ea9m quy\u1ec1n, c\u1eadp nh\u1eadt th\u1ee7 t\u1ee5c \u0111\u00e3 chu\u1ea9n h\u00f3a l\u00ean c\u01a1 s\u1edf d\u1eef li\u1ec7u v\u00e0 ni\u00eam y\u1ebft c\u00f4ng khai t\u1ea1i n\u01a1i ti\u1ebfp nh\u1eadn h\u1ed3 s\u01a1.", "cell": "C6"}, {"sheet": "noi-dung", "row": "ND-02", "column": "", "value": "\u0110\u1ec1 ngh\u1ecb b\u1ed1 tr\u00ed kinh ph\u00ed n\u00e2ng c\u1ea5p ph\u1ea7n m\u1ec1m m\u1ed9t c\u1eeda trong d\u1ef1 to\u00e1n n\u0103m sau.", "cell": "C7"}, {"sheet": "ho-so", "row": "HS-04", "column": "done", "value": 82.75862068965517, "cell": "E15"}]','','');
CREATE TABLE "waivers" (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	regime VARCHAR(64) NOT NULL, 
	duty VARCHAR(64) NOT NULL, 
	period VARCHAR(16) NOT NULL, 
	agency VARCHAR(64) NOT NULL, 
	until DATE, 
	reason TEXT NOT NULL, 
	granted_by TEXT NOT NULL, 
	actor VARCHAR(254) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_waivers PRIMARY KEY (id)
);
INSERT INTO "waivers" VALUES(1,'extension','quang-nam','bao-cao-quy','2016-Q3','so-tai-chinh','2016-09-16','Bão lớn','Giám đốc Sở Nội vụ','operator','2016-09-07 02:40:00.000000');
CREATE UNIQUE INDEX uq_submissions_unknown_sha256 ON submissions (sha256) WHERE obligation_id IS NULL;
CREATE INDEX ix_letters_obligation ON letters (regime, duty, period, agency);
CREATE INDEX ix_letters_status ON letters (status, not_before);
CREATE INDEX ix_waivers_report ON waivers (regime, duty, agency);
CREATE INDEX ix_events_subject ON events (subject);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
COMMIT;
