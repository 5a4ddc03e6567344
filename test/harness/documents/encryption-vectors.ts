import { PdfDict, PdfName, PdfString } from '@pdf-tools/pdf';
import type { PdfObject } from '@pdf-tools/pdf';

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
  /** Left out if it shows nothing that the stream does not show. */
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
 * --force-R5 (R5), 256 (R6), with --cleartext-metadata for metadata in the clear. The script encrypted by itself, by algorithms
 * 1, 2, 3 and 5, what qpdf does not make: R3 with 40 bits, which qpdf opens, or pdf.js 5.6 where whole
 * digests are hashed; and R4 with 48 bits, which pdf.js opens. Strings in the clear are the file of R4 with AES, its
 * StrF and its string replaced: qpdf reads it.
 */
export const ENCRYPTION_VECTORS: readonly EncryptionVector[] = [
  {
    name: 'R2, 40 bits',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('4376047e49f1b1ab7bad437cab6a498b'),
    encrypt: standard(
      { V: 1, R: 2, Length: 40, P: -4 },
      {
        O: hex('94e8094419662a774442fb072e3d9f19e9d130ec09a4d0061e78fe920f7ab62f'),
        U: hex('23f57e18bc365d723ea1e32a2d3bb8a777517c3d34e73a68f10cb8d611ff1427'),
      },
    ),
    string: bytes('625aa0b087b5a76e800b88b372ee79e83b0d004b0302f44ba6c9defc'),
    stream: bytes(
      '68f6b837ea171dc4dadd64cf04c5766cfa41b7084689a1a6416dc23acbc6a11e53b98231e5592dec641376226e28760a5e1e2e21d2a2147d74c411',
    ),
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
    id: bytes('aa97556867f3d12353f7e8acfe3c61e2'),
    encrypt: standard(
      { V: 2, R: 3, Length: 128, P: -4 },
      {
        O: hex('85189d71dbe36bc523718de7baec547936828a1d67f85e81a5e33dbc76d15fc5'),
        U: hex('8b26334b3d27417622c419fc6f1036a10122456a91bae5134273a6db134c87c4'),
      },
    ),
    string: bytes('b5a7221cf061f94c6d8160c4f7f767f81958767742112971fa2011b3'),
    stream: bytes(
      'be2bb54e0e34f1f0e26870c79206227bf74e1f3b0097d482e4144e435a6c82d48f4179b74233a2fe1e7fb5c4d0ed637feacbfc957ec2172f70488c',
    ),
  },
  {
    name: 'R3, an empty user password',
    userPassword: '',
    ownerPassword: 'owner',
    id: bytes('244bf19aff5db0a31451b5e0961d66ec'),
    encrypt: standard(
      { V: 2, R: 3, Length: 128, P: -2056 },
      {
        O: hex('566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5'),
        U: hex('ba6ed721dd271b7b71184e6b7ed1e65b0122456a91bae5134273a6db134c87c4'),
      },
    ),
    string: bytes('290ff0c1ec5948052de235b19b8a45c4464be45498fbd9efeafde890'),
    stream: bytes(
      '9cd307351bd06bfc5722e9fe387b35d5c37feef24aaab2939f2832cc706a9fd0c94186b601e2816a66b5c2b33e6232613b22ad408f4bd694fb987b',
    ),
  },
  {
    name: 'R4, RC4',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('d86bc1fdda77f5ff9cf848787e8bfc5f'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('4f442db2b2b40e8f3ba59123cc99def70122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('V2'),
      },
    ),
    string: bytes('905fa67abd5cbc3ad12123895730857325678dc87afec418c86aa69b'),
    stream: bytes(
      '62248ec3673b88c6c59e956c9c1dd472a7b0cb20c6d1611e0d3121375f8e7f91ee3ebb60153dbdf7ae28194d704589f992fddfd09cd30e590a57b1',
    ),
  },
  {
    name: 'R4, RC4, 48 bits',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('000102030405060708090a0b0c0d0e0f'),
    encrypt: standard(
      { V: 4, R: 4, Length: 48, P: -44 },
      {
        O: hex('504bbe97ec7cad70d97dffa6972c8c73ddcd3ba5ac6dacfe4293fc13190a8d96'),
        U: hex('66d443b4bc99f92e7301b9c413d538da00000000000000000000000000000000'),
        ...cryptFilter('V2'),
      },
    ),
    string: bytes('9cb0b6e61bc8b32c04b3763189500d592a7dbe563ab0cb61d8a94f98'),
    stream: bytes(
      'b6b7ce2461068ca1b4858aded30e240d139c3485429fe7c7f71762ac2d8b01fc062ad2cf6b9138da069ead89e57c20f421e68bf790922c4ef532c9',
    ),
  },
  {
    name: 'R4, AES',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('a2d0c444a57eba7e2f15e865a7d1747e'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('cd41f43c6f47537a355b83b9b277cdfe0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
      },
    ),
    string: bytes('08ecb22c36949a138c3e6d39827868045d0b7c85f69468b2694ee871d944a35b33ed6da62310947f6be6ab64202b078d'),
    stream: bytes(
      '6c3d9d58823ba5193358c9fa76945a1ea5cd58df4bd6bc015ca520143e5998760075fa5c72fa75ba137a51ddbf6b36b424685e54ab4e2d0326f9576db92c9217011ebe3591a6c48014c4e00a9fcb8aba',
    ),
    metadata: bytes(
      'fdbf689322694ff43f40c7952ba26085200b0a245ac80d566fae1b6bd2b67840d0bae84059495fa2c0f20200b8e64fc6cbb335b51b6715dc35545f3bf17f8489',
    ),
  },
  {
    name: 'R4, strings in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('a2d0c444a57eba7e2f15e865a7d1747e'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('cd41f43c6f47537a355b83b9b277cdfe0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
        StrF: new PdfName('Identity'),
      },
    ),
    string: bytes('4120737472696e67206f6620746865207465737420766563746f7273'),
    stream: bytes(
      '6c3d9d58823ba5193358c9fa76945a1ea5cd58df4bd6bc015ca520143e5998760075fa5c72fa75ba137a51ddbf6b36b424685e54ab4e2d0326f9576db92c9217011ebe3591a6c48014c4e00a9fcb8aba',
    ),
  },
  {
    name: 'R4, metadata in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('4c5d239830d68b3f438f3a694df067da'),
    encrypt: standard(
      { V: 4, R: 4, Length: 128, P: -4 },
      {
        O: hex('0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671'),
        U: hex('7fc5aa763e88260b3ab8a8ebf10cb24c0122456a91bae5134273a6db134c87c4'),
        ...cryptFilter('AESV2'),
        EncryptMetadata: false,
      },
    ),
    string: bytes('415e54d55fbf939473a10e441fae7b959430e6fc77d75f675041c043165441587217b4b4d3918e9e5442691d6e3f3550'),
    stream: bytes(
      '683056c5293de1fbf264c73cd6398bbdec7569de336024a648ca71efa6e961f39adc1f50406b886cbdf615ced305092b5b463ec202c245e6833cb654db9ff0875e3919147def4da9d6e2a8232acb90b1',
    ),
    metadata: bytes('3c783a786d706d65746120786d6c6e733a783d2261646f62653a6e733a6d6574612f222f3e'),
  },
  {
    name: 'R5',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('fbc43e8add0c1f49b7d126bf6376f902'),
    encrypt: standard(
      { V: 5, R: 5, Length: 256, P: -4 },
      {
        O: hex('b20ec02ef7858c8dcfcd6a93212846b90023a535471b3befd3d44458a9ba2184078d32a39308499f1bcc734106329699'),
        U: hex('9c65c72e0bfdd9b1884125feaa681cd7e783543d5fedbfbe1d5b1425ceaa1bb7a8b87579c951f30e5fad7a90bdf70655'),
        OE: hex('ca3560b130420f99ea5a055c80501594c61e3319b189c6c750834f886b81721a'),
        UE: hex('d65ba32c3cffeace47bf47abb713365b16aa7f599085d3432c2d6c8050199c68'),
        Perms: hex('0c60067b26d41ad42af7c8ae6c1d4d40'),
        ...cryptFilter('AESV3'),
      },
    ),
    string: bytes('6a8eb5009da3100582dca3c8e12401d1eb5991b566846e5f1b86859048f063c00ef1eb8a81cafebd66b74891276590e5'),
    stream: bytes(
      '1de8336636068ca46a0769dce3359a178100ff2f3309e28de7eba9e7a5b24fd8d2ca831ba26194e8ba017446e78f0f3da7b1faf930c4cc51be5a4daa494d7a6720624623e2cea03bc2c3b8e8d18f54b9',
    ),
  },
  {
    name: 'R6',
    userPassword: 'pässwörd €',
    ownerPassword: 'öwner',
    id: bytes('0db036bd86876e1328d7cb91548c29c1'),
    encrypt: standard(
      { V: 5, R: 6, Length: 256, P: -4 },
      {
        O: hex('92b56bab6037080787f4bb5f2db65c8c2080a7f20b97597147de776e07a86d9495743f3ef9a044a968f509901a4b201f'),
        U: hex('99305f77697bc7da73eb532f4b82160c15e453054f18b1dcc370ed224115902481fe04fe8e4edcc9f4d478b665fdc20c'),
        OE: hex('d2cdff630906e71895c4f1d22f2f1c75d4a658ff79ccce9327e2cd3f9a8c1a32'),
        UE: hex('e7abc750ac8e774cdd139d496e6718ef87a85cbd000a43c89408e5767c07911f'),
        Perms: hex('5d879e72b00903923d62c18af6ec2b74'),
        ...cryptFilter('AESV3'),
      },
    ),
    string: bytes('fb25dabde95937d1b73ca7012db4539b47de764641de1b7bf47f8a0d673fa22ec90f32b4b5790d7e191add02cc879742'),
    stream: bytes(
      '88fb9baf60b2dbd29bdc6988451e5234c2f69c597579a6ceec44a679a10a7fd136249e69281ede76a3d775bedecbc4ee12c4f43afb3a506096cda3f3a025350ab5673fff4c8cb6b7d2191e7ca7d8bc28',
    ),
  },
  {
    name: 'R6, metadata in the clear',
    userPassword: 'user',
    ownerPassword: 'owner',
    id: bytes('49389331ec9ce8b1283a3bce45c27947'),
    encrypt: standard(
      { V: 5, R: 6, Length: 256, P: -4 },
      {
        O: hex('4abe017edf5ff0d2bd91546b533f1ea6609066cca6e60d5c42e0254c5edb9880cd5a4d7c8c80844977eb751a69c31590'),
        U: hex('eafb102b929f9961de0028986d8cccbe9c42be6dba0639b226608e2b9daabbaf59bb275083a7a6b5203c0a006227ad83'),
        OE: hex('9bf2bd4f5462598d5e745e977e149a8bc3cc7bb94c0d77aefddebdc823cb7861'),
        UE: hex('c803d520b227e704b4e883d48fcf4898962cd92cf2f8ef1f8e67886ae626f529'),
        Perms: hex('8d9e280ecb8eb2e32af4a18a771415c7'),
        ...cryptFilter('AESV3'),
        EncryptMetadata: false,
      },
    ),
    string: bytes('9679c71599bc5aa00fceb9e3046447136821390254acdf3bbdfab08b076f7d05585756a263ce6d63ac22959b45d85b90'),
    stream: bytes(
      'ac8c047ced4e6fbb203722e699450a4261632a2f2e2bb4f222469605374cd4d5d3bb16202cc1648c60a25645cb1a1d840e16e736f6ee1b3cf35af240b0845ff16efbd64a7e8d4cf47d488d38b214a600',
    ),
    metadata: bytes('3c783a786d706d65746120786d6c6e733a783d2261646f62653a6e733a6d6574612f222f3e'),
  },
];
