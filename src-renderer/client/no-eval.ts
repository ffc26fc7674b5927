/** Imported before anything that parses: the page's security policy forbids compiling text to code, which zod would do to be faster. */
import { z } from 'zod';

z.config({ jitless: true });
