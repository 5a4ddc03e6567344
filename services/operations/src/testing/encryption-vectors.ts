import { PdfDict, PdfName, PdfString } from '../pdf/syntax/objects.js';
import type { PdfObject } from '../pdf/syntax/objects.js';

/** A document that was encrypted by another program than ours. */
export interface EncryptionVector {
  readonly name: string;
  readonly userPassword: string;
  readonly ownerPassword: string;
  /** The first string of the trailer's ID. */
  readonly id: Buffer;
  readonly encrypt: PdfDict;
  readonly string: Buffer;
  readonly stream: Buffer;
  /** Left out where it shows nothing that the stream does not show. */
  readonly metadata?: Buffer;
}

/** What the string, the stream and the metadata of all vectors are, and the numbers of their objects. */
export const PLAIN = {
  string: 'A string of the test vectors',
  stream: 'BT /F1 12 Tf 72 720 Td (A stream of the test vectors) Tj ET',
  metadata: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
};
export const OBJECT = { string: 2, stream: 6, metadata: 3 };

const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
const hex = (text: string): PdfString => new PdfString(bytes(text));
const standard = (numbers: Readonly<Record<string, number>>, entries: Readonly<Record<string, PdfObject>>): PdfDict =>
  PdfDict.of({ Filter: new PdfName('Standard'), ...numbers, ...entries });

const cryptFilter = (method: string): Readonly<Record<string, PdfObject>> => ({
  CF: PdfDict.of({ StdCF: PdfDict.of({ AuthEvent: new PdfName('DocOpen'), CFM: new PdfName(method) }) }),
  StmF: new PdfName('StdCF'),
  StrF: new PdfName('StdCF'),
});

/**
 * Made once by a script that wrote a document of one page by hand (its title, its content and its metadata are the plain texts
 * above), had qpdf 11.3 encrypt it, and read the bytes of these objects out of the result:
 *
 *     qpdf --allow-weak-crypto --object-streams=disable --compress-streams=n --encrypt USER OWNER BITS ... -- plain.pdf r.pdf
 *
 * where BITS and the rest are 40 (R2), 128 --use-aes=n (R3), 128 --force-V4 (R4, RC4), 128 --use-aes=y (R4, AES), 256
 * --force-R5 (R5), 256 (R6), with --cleartext-metadata for metadata in the clear. qpdf makes neither R3 with 40 bits nor
 * strings in the clear. The script encrypted the former itself, by algorithms 1, 2, 3 and 5: qpdf opens it as either, pypdf
 * 6.19 the one in which whole digests are hashed. The latter is the file of R4 with AES, its StrF and its string replaced:
 * qpdf reads it.
 */
export const ENCRYPTION_VECTORS: readonly EncryptionVector[] = [
  {
    name: 'R2, 40 bits',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('2df4f734ee9eb2aaf05dd4a39c2e6a40'),
    encrypt: standard(
      { V: 1, R: 2, Length: 40, P: -4 },
      {
        O: hex('94e8094419662a774442fb072e3d9f19e9d130ec09a4d0061e78fe920f7ab62f'),
        U: hex('0dac2bee59094b1139ae08a7cc76892513ac5e930bc9c0d2ae799b69c88ea2cd'),
      },
    ),
    string: bytes('4e740811fcd8fefa7964f606256413be1553d3a87356d45c2074bddc'),
    stream: bytes(
      'ebaeda95328b284924d94e05a304840d1c196e0cbda850425a81ac09e6b9d918cf0ce4bd25019b2de3ff86ca2b76fe0b65ead06fe048eb621e8839',
    ),
    metadata: bytes('7c1b4b516f489b61ce5b418c53115aa2950bf12224a5b747162769966b78ba37dd9c0ea0e2'),
  },
  {
    name: 'R3, 40 bits',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('000102030405060708090a0b0c0d0e0f'),
    encrypt: standard(
      { V: 2, R: 3, Length: 40, P: -44 },
      {
        O: hex('cf2662e6fb01997cc7651e17056d4dfad2c78dd5f3f4109bdffb50433bb04670'),
        U: hex('82a7bcb235e0d1422671f66f568dd2e300000000000000000000000000000000'),
      },
    ),
    string: bytes('1f3f9686489d7c3f082a369cbb46a6f0d3fd3ac9f9803aac15380965'),
    stream: bytes(
      'af6cda1c433879aaf93be6714e51d81651381f187c0a2c5cabd7218376a09e52a6d1d590f0bbd1ae99b73bef8e1a564e7a9af02bfd4a8d66ef9b88',
    ),
  },
  {
    name: 'R3, 40 bits, whole digests hashed',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('000102030405060708090a0b0c0d0e0f'),
    encrypt: standard(
      { V: 2, R: 3, Length: 40, P: -44 },
      {
        O: hex('3c482162008fafcb228b7db3c43a1090bc5b56e9b1556e89fc0656fd291f4908'),
        U: hex('0ee71a91a3bca3518285d3765e3a076300000000000000000000000000000000'),
      },
    ),
    string: bytes('30a958db247b002d87f859dd086064f448357215ccd274f501871994'),
    stream: bytes(
      'df0e3f0ecf2fe305f4b2c2455805330de8a02e52e7e4af90d18962c108728f776d4f1e226fd76a25b2c6753aaa99549a0d90a76d0a7daa751c9e63',
    ),
  },
  {
    name: 'R3, 128 bits',
    userPassword: 'üser',
    ownerPassword: 'öwner',
    id: bytes('af238f81217d6de1a59bcc17aafc97b3'),
    encrypt: standard(
      { V: 2, R: 3, Length: 128, P: -4 },
      {
        O: hex('85189d71dbe36bc523718de7baec547936828a1d67f85e81a5e33dbc76d15fc5'),
        U: hex('c2d5904712ed10bf12ef34f4c92e64540122456a91bae5134273a6db134c87c4'),
      },
    ),
    string: bytes('812d337a6470ecf23603dd5b9faebdf06d20fccb2169349b6fd850fd'),
    stream: bytes(
      'cefca7b3fc6c7db8433275603c4fa4359b55d1e83f3a7835cbfd026988215bb65d2713811455459e20c614a504791636858653e49f1a112c767be3',
    ),
  },
  {
    name: 'R3, an empty user password',
    userPassword: '',
    ownerPassword: 'owner',
    id: bytes('6696900cc5045ab23278bf0551cd3a36'),
    encrypt: standard(
      { V: 2, R: 3, Length: 128, P: -2056 },
      {
        O: hex('566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5'),
        U: hex('38427cd3d75f6037be4d68f3ce32ea3a0122456a91bae5134273a6db134c87c4'),
      },
    ),
    string: bytes('c85e67ad78f7eef6280a992fa832aab962de31a90b8b6eb46884224d'),
    stream: bytes(
      '82be91d6e2cd7c4698b75c2aa64dd3659a57796038870bc4d55c90976a176bfc7903c4c0f5bdc1397d74436892eda35adee9b37f7cd420fa4b91c0',
    ),
  },
  {
    name: 'R4, RC4',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('435aa07d442a7f64b1fc02fd361ee015'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('3a15bb3725943ffb27c9bafc8505ed620122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('V2'),
      },
    ),
    string: bytes('089ccf20a35ecd32736e5c41380c0ffdc11b31e4b72cd4affeb29e43'),
    stream: bytes(
      '51ef5310a2fbdd2033f978184ee5c4667697abd0ab66fa3d1a68ab62f09b8471ff030bc92de8778f2dc3a34ba6836deae957673f480785bfcdb2b1',
    ),
  },
  {
    name: 'R4, AES',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('5213214facd5a457eacf03c67c6bc66b'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('7d1fee0bd882913cc3c77a4165f39b3f0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
      },
    ),
    string: bytes('accc8ed35127a09add6c0ab9579f8d19da40526f279e784116915b85de5f6ea9a3152f0685760e6fe69c276015305db0'),
    stream: bytes(
      'a0f2684a874cb30029a8c267bc987adac5a3b80e68eb22c7243261a8f54ca95cb5cd59d6cdd0f10206a621cc155661637cb1e15082de0b3a27d48c6220b6ba45e2c94de248a692d67ec14ee8a51487d4',
    ),
    metadata: bytes(
      '1f1e52eec3ab760453a8d0680545e34aa998e4e9216865523d377390ef76a9bdd5467efe77d3e1692777be0ceb60c2470b226be26ab4a4eb1e12ef7ad534aeaa',
    ),
  },
  {
    name: 'R4, strings in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('5213214facd5a457eacf03c67c6bc66b'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('7d1fee0bd882913cc3c77a4165f39b3f0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
        StrF: new PdfName('Identity'),
      },
    ),
    string: bytes('4120737472696e67206f6620746865207465737420766563746f7273'),
    stream: bytes(
      'a0f2684a874cb30029a8c267bc987adac5a3b80e68eb22c7243261a8f54ca95cb5cd59d6cdd0f10206a621cc155661637cb1e15082de0b3a27d48c6220b6ba45e2c94de248a692d67ec14ee8a51487d4',
    ),
  },
  {
    name: 'R4, metadata in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('8639de1bd2da3b9d69992cf22dac12d0'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('8788a2e19856800c3a1f9e63d1b0c7df0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
        EncryptMetadata: false,
      },
    ),
    string: bytes('8d2598f6f06c464f32482b6efda567e1e445446cd321f906dfab013abdcfb8bec01e5d7b5a54a10f569d83369d1ff161'),
    stream: bytes(
      '0e5214e539bff7164997682f4b24cff23934b46bd9126d7e98ae0a1a3e0162c5d0d095f0237cfca2559495368975a42042b60764c6afe642ae148848708df6274968274b4cf352860ea86662dfb9cc82',
    ),
    metadata: bytes('3c783a786d706d65746120786d6c6e733a783d2261646f62653a6e733a6d6574612f222f3e'),
  },
  {
    name: 'R5',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('c81f355ad22cf6fcecaab1478dc39eee'),
    encrypt: standard(
      { V: 5, R: 5, Length: 256, P: -4 },
      {
        O: hex('0f0a6f66faf740b49e0c7bf95513451281d3b520cba748fb01efac7767eb52c9697d98522952e7f8477c1c8e7aa69df2'),
        U: hex('ad6d55f2845815fe90109b2212fc51ef5c75d4a22c9d63cf1222131784480e9d4fbc312ead896b33a0e4f5a2480d56bb'),
        OE: hex('1dbedea393a43b7968af48f4009fb3d902c752f4ec1ccacca6ab2f42b9e7f1a2'),
        UE: hex('c1c12981aae271d28efb933d2382aba5168c8384f71ee5c12f3a89c8bc83f249'),
        Perms: hex('ea664ef7e45e3c544c834dd9ea49231d'),
        ...cryptFilter('AESV3'),
      },
    ),
    string: bytes('4e61f0bb6be5256f921a77cf3e5830faea4e719140c235d648c4ec458cd9f64896c4b141afca743a7eb0c9a37a210b25'),
    stream: bytes(
      'b6286c11909d322a1c809db13400816006911c71003574c4e9bb607ddbe45c147dbd44b5441d126dee245d156794d4a2fa69d1ad01201e948591f18a9d7c25948169de2b2bce7f28ad58c763efcf572d',
    ),
  },
  {
    name: 'R6',
    userPassword: 'pässwörd €',
    ownerPassword: 'öwner',
    id: bytes('b5a6e7e4ad48e3b75379c2887d2e8e9f'),
    encrypt: standard(
      { V: 5, R: 6, Length: 256, P: -4 },
      {
        O: hex('bd8282a55b8f3c28d991f548c798c8cf67c102754eb2041c1f9f89667d89e6f85629682e3a4f4033c77e27f0937e8bab'),
        U: hex('e41253530e1fe766fd6bd8d9ef66148b6448177d7310b1a94b0430654e76ebde5c0a393350e4ee04dfdf32ced3e3a503'),
        OE: hex('a2f4b5b85f1949019d820fd3c284681f0110f6963c45b7fb5233cb8bd45583e0'),
        UE: hex('3754ca26a8073704a6c16c5d2378861ac1cf701bcdd52ba85c7717228d6552d8'),
        Perms: hex('794da806b42330ba78f476231b5eaa3f'),
        ...cryptFilter('AESV3'),
      },
    ),
    string: bytes('e50b74cb60966f949aee47cbc4f31a76d1698abe3e411200c3f937acf04767a752abeaf995aff1d4126ac7e924e54ec0'),
    stream: bytes(
      'd92172b2b8f5847dccba80c6882d7a9e338b0418bd8bc11ec26b0fc0d5d190afd6e7ab2ab03bc1a4d50d877447e6b463691151fe42289fd3e6bc1e2da6d84d2423efaa00c96ccfa83fea4fcd25d8709b',
    ),
    metadata: bytes(
      '09e661b8db33988d108507bec1ee29d02cce2cd56032d68804d2420a6a316b96ac81d87c00a51d5d890378d9007d9aff4846d62d4d47d88b4bb65f23303e9026',
    ),
  },
  {
    name: 'R6, metadata in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('54b6720039835a765cb5c04af32ef6d7'),
    encrypt: standard(
      { V: 5, R: 6, Length: 256, P: -4 },
      {
        O: hex('87d7ee820647e214fe206406290f4f4e0b0ae862749a3bb71ad2dcbcc7817857728c9aa90340c8d142429ce9af47c8c9'),
        U: hex('eb361253fea18dc54fe581cd9b1c38e7ffa2530f5bfc34f076a4efdf47fbcd9ee94ee8f3533d17e5d9b68fae0debe740'),
        OE: hex('3c3d4ce9fb96ea3a174ae406a78ca83d2a90fd4b8544684dca661207046043ee'),
        UE: hex('5e6af6e975567ff1e51d94d72166a325af75a525cbdaad06054836c8e791096d'),
        Perms: hex('08711266beb31eac59e2966bf8186105'),
        ...cryptFilter('AESV3'),
        EncryptMetadata: false,
      },
    ),
    string: bytes('ce1a64cf3e9b963183831fcf679dbbee76ffc9fd0b07691a9398e9213e6513d4731f82ab29218228815dee1ff448ba40'),
    stream: bytes(
      'cd024f8e9206ced1b7ef38ba57993ec31325e984e572e73ea8f1cb150c7f34064753eec5c0e93fb2f59622c47fd27e4baabcba42dac0c4c5cbeace6a945a3b63a838cd600d67b1bd62dc57fb4d2d2def',
    ),
    metadata: bytes('3c783a786d706d65746120786d6c6e733a783d2261646f62653a6e733a6d6574612f222f3e'),
  },
];
