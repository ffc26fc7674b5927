/** What is known of Fashion-MNIST before any file is there: classes, licence, where it comes from, and the checksums of its files. */

export const fashionMnist = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  shape: [28, 28, 1],
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  trainCount: 60_000,
  testCount: 10_000,
  license: 'MIT, © 2017 Zalando SE',
  source: 'https://github.com/zalandoresearch/fashion-mnist'
};

/** The project's repository and the server that its README names, in the order in which they are tried. */
export const fashionMnistMirrors = [
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'
];

export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The four files as they are served.
 *
 * Checksums: Debian's package `dataset-fashion-mnist` holds the same compressed data but drops name and time from the gzip header.
 * With both put back (2017-08-31 10:50:06 and 10:50:27 UTC) the files have the MD5s that the project's README publishes; these
 * SHA-256s are of the same bytes. The tests repeat this where the package is installed.
 */
export const fashionMnistFiles: readonly RemoteFile[] = [
  {
    name: 'train-images-idx3-ubyte.gz',
    bytes: 26_421_880,
    sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    bytes: 29_515,
    sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    bytes: 4_422_102,
    sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    bytes: 5_148,
    sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'
  }
];

/** Of the 60 000 training labels without their header: tells the set from others of the same size, whatever the files are called. */
export const trainLabelsSha256 = '657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7';
